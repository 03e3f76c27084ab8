// The lock domain: which guards and locks a function holds, and under which conditions.
//
// A state is a set of *cases*. A case says which guards exist and what they do (state of the object, never its scope),
// which locks are held by hand, and what is known in it (lock_conditions.h). Cases with the same locks are merged and
// keep what they agree on, so only conditions that matter to the locks split the state: property simulation (Das,
// Lerner, Seigle: ESP, PLDI 2002). That is what tells `if (m.try_lock())` from its else branch and
// `if (c) l.lock(); … if (c) l.unlock();` from a leak. What is beyond the limits (program/limits.h) is cut off, and `capped` says
// so.
#ifndef TENTERHOOK_CHECKS_LOCKSTATE_LOCK_STATE_H
#define TENTERHOOK_CHECKS_LOCKSTATE_LOCK_STATE_H

#include "lockstate/lock_conditions.h"
#include "naming/lock_paths.h"
#include "program/limits.h"
#include <functional>
#include <vector>

namespace tenterhook::analysis {

inline constexpr std::size_t most_guards = 256; // and locks, in one case; more are cut off as more cases are

struct GuardState {
  AccessPath guard;              // the guard object; no root: locked by hand
  std::vector<AccessPath> locks; // what it guards; may be empty (default-constructed)
  bool held = false;
  bool shared = false;
  bool assumed = false;            // a parameter or a result whose state nobody saw: taken to be held
  facts::OpId since = facts::none; // the operation that acquired it; none: at entry
  bool doubted = false;            // something was unlocked since that may be this lock by another name
  auto operator<=>(const GuardState &) const = default;
};

struct LockCase {
  std::vector<GuardState> guards;   // sorted
  std::vector<AccessPath> released; // sorted; locks given up that were not acquired in this function
  Known known;
  Known given = {}; // what branches said of parameters that nobody writes: it was so at entry, and stays so
  bool operator==(const LockCase &) const = default;

  GuardState *find(const AccessPath &guard);
  const GuardState *find(const AccessPath &guard) const { return const_cast<LockCase *>(this)->find(guard); }
  bool holds(const AccessPath &lock) const;
  void insert(GuardState state); // replaces a guard of the same path; hand-held locks add up
  void erase_if(const std::function<bool(const GuardState &)> &drop);
};

struct LockState {
  std::vector<LockCase> cases; // sorted; at most one per (guards, released)
  bool capped = false;         // cases or guards were dropped
  bool join(const LockState &other);
  void normalise();
};

} // namespace tenterhook::analysis

#endif
