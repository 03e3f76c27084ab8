// The lock domain: which guards and locks a function holds, and under which conditions.
//
// A state is a set of *cases*. A case says which guards exist and what they do (state of the object, never its scope),
// which locks are held by hand, and the branch conditions known to be true or false in it. Cases with the same locks
// are merged and keep the conditions they agree on, so only conditions that matter to the locks split the state:
// property simulation (Das, Lerner, Seigle: ESP, PLDI 2002). That is what tells `if (m.try_lock())` from its else
// branch and `if (c) l.lock(); … if (c) l.unlock();` from a leak. More than `max_cases` cases are cut off, and
// counted.
#ifndef TENTERHOOK_CHECKS_LOCKS_LOCK_STATE_H
#define TENTERHOOK_CHECKS_LOCKS_LOCK_STATE_H

#include "locks/lock_paths.h"
#include <functional>
#include <map>
#include <vector>

namespace tenterhook::analysis {

struct GuardState {
  AccessPath guard;              // the guard object; no root: locked by hand
  std::vector<AccessPath> locks; // what it guards; may be empty (default-constructed)
  bool held = false;
  bool shared = false;
  bool assumed = false;          // a parameter or a result whose state nobody saw: taken to be held
  facts::OpId since = facts::none; // the operation that acquired it; none: at entry
  auto operator<=>(const GuardState &) const = default;
};

struct Truth { // a branch condition: a variable or the value of an operation, or its being equal to `equals`
  facts::OperandKind kind = facts::OperandKind::path;
  AccessPath path;
  facts::OpId op = facts::none;
  std::int64_t equals = 0; // 0: its truth
  auto operator<=>(const Truth &) const = default;
};

struct LockCase {
  std::vector<GuardState> guards;   // sorted
  std::vector<AccessPath> released; // sorted; locks given up that were not acquired in this function
  std::map<Truth, bool> known;
  bool operator==(const LockCase &) const = default;

  GuardState *find(const AccessPath &guard);
  void insert(GuardState state); // replaces a guard of the same path; hand-held locks add up
  void erase_if(const std::function<bool(const GuardState &)> &drop);
};

struct LockState {
  static constexpr std::size_t max_cases = 24;
  std::vector<LockCase> cases; // sorted; at most one per (guards, released)
  bool capped = false;         // cases were dropped
  bool join(const LockState &other);
  void normalise();
};

} // namespace tenterhook::analysis

#endif
