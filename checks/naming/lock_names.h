// What the whole program says about names of locks: what functions return references to, what members refer to, what
// closures that are kept have captured.
#ifndef TENTERHOOK_CHECKS_NAMING_LOCK_NAMES_H
#define TENTERHOOK_CHECKS_NAMING_LOCK_NAMES_H

#include "calls/call_graph.h"
#include "library/library.h"
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace tenterhook::analysis {

// What a lock or guard is called: a path without derefs. In summaries, in the callee's terms.
using facts::AccessPath;
using Alias = std::pair<AccessPath, AccessPath>; // a name, and what it stands for

// `path` starts with `prefix`.
bool has_prefix(const AccessPath &path, const AccessPath &prefix);
// `path` with `prefix` replaced by `by`.
AccessPath rebase(const AccessPath &path, const AccessPath &prefix, const AccessPath &by);
// The path of the object that a function returns, in its summary.
inline AccessPath returned_object() { return {facts::RootKind::result, facts::none, {}, false}; }
inline AccessPath own_object() { return {facts::RootKind::self, facts::none, {}, false}; }
// A path whose elements are one, and that means the same in every function: without derefs and keys of indices.
AccessPath plain(const AccessPath &path);

// Steps that no fact has: into what a closure has captured, and to the awaiter that an await makes of its operand.
facts::PathStep captured_step(std::uint32_t number);
std::optional<std::uint32_t> captured_number(const facts::PathStep &step);
facts::PathStep awaiter_step();

class LockNames {
public:
  LockNames(const Program &program, const Library &library, const CallGraph &calls);

  // The one thing that it returns a reference to.
  const std::optional<AccessPath> &returned(FunctionId f) const { return returned_[f]; }
  // Members of the object that it constructs (root self) or parts of what it returns, and the parameters they refer to.
  const std::vector<Alias> &products(FunctionId f) const { return products_[f]; }
  // A field or global that only constructors set: a condition on it stays as true as it was.
  bool stable(const AccessPath &path) const;

  // Captures of all lambdas have one numbering.
  std::uint32_t number(FunctionId lambda, std::uint32_t capture) const { return first_capture_[lambda] + capture; }
  // The lambda and the capture with this number.
  std::pair<FunctionId, std::uint32_t> capture(std::uint32_t number) const;
  // Kept in this field or global, a closure's capture refers to this: a global, or something of the object (root self)
  // whose field it is.
  const AccessPath *kept(facts::EntityId store, std::uint32_t number) const;

  // A closure, a wrapper of one, a function pointer or a function object.
  bool callable(facts::TypeId type) const;

private:
  void collect_returned(FunctionId f);
  void collect_products(const CallGraph &calls); // callees first: what objects that are made elsewhere refer to
  void collect_kept(FunctionId f);

  const Program &program_;
  const Library &library_;
  std::vector<std::optional<AccessPath>> returned_; // by function
  std::vector<std::vector<Alias>> products_;
  std::vector<std::uint32_t> first_capture_;
  std::map<std::pair<facts::EntityId, std::uint32_t>, AccessPath> kept_;
  std::vector<bool> changing_; // by entity: fields and globals that are written after construction
};

} // namespace tenterhook::analysis

#endif
