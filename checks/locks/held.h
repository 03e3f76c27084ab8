// Which locks are held where any operation of any function begins, on every way to it, by that function itself.
//
// Read off the lock domain (lockstate/lock_state.h) after its summaries are there. Kept by function. One thread at a time.
#ifndef TENTERHOOK_CHECKS_LOCKS_HELD_H
#define TENTERHOOK_CHECKS_LOCKS_HELD_H

#include "locks/locks.h"

namespace tenterhook::analysis {

struct HeldLock {
  AccessPath path;
  bool shared = false;
  auto operator<=>(const HeldLock &) const = default;
};

struct Holding {
  std::vector<HeldLock> locks;
  std::vector<AccessPath> released; // locks of callers that may have been given up
};

class HeldLocks {
public:
  explicit HeldLocks(const Locks &locks) : locks_(locks) {}
  const Holding &at(FunctionId f, facts::OpId op);

private:
  const Locks &locks_;
  std::map<FunctionId, std::vector<Holding>> known_; // empty: none anywhere
  Holding nothing_;
};

} // namespace tenterhook::analysis

#endif
