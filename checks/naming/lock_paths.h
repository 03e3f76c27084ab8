// What a lock is called: one path for it, however a function reaches it.
//
// Follows references, pointers that are set once, members that a constructor binds to its parameters, captures of
// closures (through every wrapper that keeps the closure), accessors that return a reference, and elements of
// containers. Calls that nobody can look into are numbered by value: two calls of one accessor on the same object give
// the same lock. Flow-insensitive, so an optimist: where a program rebinds what it locks between lock() and unlock(), a
// lock may be missed, never invented.
#ifndef TENTERHOOK_CHECKS_NAMING_LOCK_PATHS_H
#define TENTERHOOK_CHECKS_NAMING_LOCK_PATHS_H

#include "library/library.h"
#include "naming/lock_names.h"
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace tenterhook::analysis {

// Where a body of the program runs for operation `op`: what its own names stand for in the function that runs it.
struct Site {
  facts::OpId op = facts::none; // gives the arguments, unless `args` does
  AccessPath self;              // the object; of a lambda: the closure
  AccessPath result;            // where its value lives
  const std::vector<AccessPath> *args = nullptr;
  bool answers = false; // the value decides: cases keep it, whoever asks
};

// A reference or a pointer: what it names lives elsewhere.
bool refers(const Program &program, facts::TypeId type);

class LockPaths {
public:
  LockPaths(const Program &program, const Library &library, const LockNames &names, FunctionId f);

  // The path that an operand means; no root if it has none.
  AccessPath of(const facts::Operand &operand) const;
  // Where the value of operation `op` lives: the variable it initialises, else a temporary.
  AccessPath home(facts::OpId op) const;
  AccessPath resolve(AccessPath path) const;
  // A path of `body`, as this function names it where it runs `body`.
  AccessPath substitute(const AccessPath &path, const Site &site, FunctionId body) const;
  Site site(facts::OpId op) const; // of a direct call or construction
  // The object whose await_ready, await_suspend and await_resume an await calls; no root if nobody sees it.
  AccessPath awaiter(facts::OpId await) const;
  // Names of what the function makes for others and the parameters (or own members) that they refer to: members of a
  // constructed object, parts of what is returned.
  std::vector<Alias> products() const;
  // What members of `object` refer to.
  std::vector<AccessPath> references(const AccessPath &object) const;
  // The lambda whose closure lives at `path`; none if it is no closure of this function.
  FunctionId closure_at(const AccessPath &path) const;

private:
  void add(AccessPath name, const AccessPath &meaning);
  void collect_locals();
  void collect_objects();
  bool copies_pointer(const facts::Operation &op) const;
  void collect_aggregate(facts::OpId op, const AccessPath &object);
  void collect_closure(facts::OpId op);
  AccessPath call(facts::OpId op) const;
  AccessPath find_call(facts::OpId op) const;
  AccessPath number(facts::OpId op) const;
  AccessPath capture(FunctionId lambda, std::uint32_t index, const AccessPath &closure) const;

  const Program &program_;
  const Library &library_;
  const LockNames &names_;
  FunctionId f_;
  const facts::Function &function_;
  std::map<AccessPath, AccessPath> aliases_;
  std::set<std::pair<facts::RootKind, std::uint32_t>> named_; // roots that aliases_ speaks of
  std::map<facts::EntityId, facts::OpId> closures_;           // by call operator
  std::map<AccessPath, FunctionId> closure_homes_;
  std::vector<bool> assigned_;      // by operation: operator= takes its value: a temporary, whatever it is stored in
  std::set<AccessPath> reassigned_; // what operator= is called on
  mutable std::map<facts::OpId, AccessPath> calls_;
  using Key = std::tuple<facts::OperandKind, std::int64_t, facts::StringId, facts::EntityId, AccessPath>;
  mutable std::map<std::pair<facts::EntityId, std::vector<Key>>, facts::OpId> numbers_;
  mutable std::map<facts::OpId, facts::OpId> same_as_; // by call: the first that says the same
  mutable facts::OpId numbered_ = 0;                   // calls below this one have a number
};

} // namespace tenterhook::analysis

#endif
