// What a lock is called: one path for it, however a function reaches it.
//
// Follows references, pointers that are set once, members that a constructor binds to its parameters, accessors that
// return a reference, and elements of containers. Calls that nobody can look into are numbered by value: two calls of
// one accessor on the same object give the same lock. Flow-insensitive, so an optimist: where a program rebinds what it
// locks between lock() and unlock(), a lock may be missed, never invented.
#ifndef TENTERHOOK_CHECKS_LOCKS_LOCK_PATHS_H
#define TENTERHOOK_CHECKS_LOCKS_LOCK_PATHS_H

#include "library/library.h"
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace tenterhook::analysis {

// What a lock or guard is called: a path without derefs. In summaries, in the callee's terms.
using facts::AccessPath;
using Alias = std::pair<AccessPath, AccessPath>; // a name, and what it stands for

// What the whole program says about names of locks.
struct PathFacts {
  explicit PathFacts(const Program &program);
  // A field or global that only constructors set: a condition on it stays as true as it was.
  bool stable(const AccessPath &path) const;

  std::vector<std::optional<AccessPath>> returned;  // by function: the one thing that it returns a reference to
  std::vector<std::vector<Alias>> references; // by function: constructors' members, and the parameters they refer to
  std::vector<bool> changing;                       // by entity: fields and globals that are written after construction
};

class LockPaths {
public:
  LockPaths(const Program &program, const Library &library, const PathFacts &facts, FunctionId f);

  // The path that an operand means; no root if it has none.
  AccessPath of(const facts::Operand &operand) const;
  // Where the value of operation `op` lives: the variable it initialises, else a temporary.
  AccessPath home(facts::OpId op) const;
  AccessPath resolve(AccessPath path) const;
  // A path of `body`, as the function that calls or constructs it at `i` names it. `self`: the object.
  AccessPath substitute(const AccessPath &path, facts::OpId i, const AccessPath &self, FunctionId body) const;
  // Constructors: members and the parameters that they refer to, nested ones included.
  std::vector<Alias> members() const;

private:
  void collect_locals();
  void collect_members();
  AccessPath call(facts::OpId op) const;
  AccessPath find_call(facts::OpId op) const;
  bool same_value(const facts::Operand &a, const facts::Operand &b) const;

  const Program &program_;
  const Library &library_;
  const PathFacts &facts_;
  FunctionId f_;
  const facts::Function &function_;
  std::vector<Alias> aliases_;
  mutable std::map<facts::OpId, AccessPath> calls_;
  std::vector<facts::OpId> assigned_; // values that operator= takes: they are temporaries, whatever they are stored in
};

// `path` starts with `prefix`.
bool has_prefix(const AccessPath &path, const AccessPath &prefix);
// `path` with `prefix` replaced by `by`.
AccessPath rebase(const AccessPath &path, const AccessPath &prefix, const AccessPath &by);
// The path of the object that a function returns, in its summary.
inline AccessPath returned_object() { return {facts::RootKind::result, facts::none, {}, false}; }

} // namespace tenterhook::analysis

#endif
