// Cycles in the order in which a run took locks: threads that each hold one lock of a cycle and wait for the next stand
// still for ever.
//
// A cycle counts if threads can stand in it at the same time: no two of its edges were taken below the same gate (a
// lock held every time), and no two by one thread alone.
#ifndef TENTERHOOK_DRIVER_VALIDATE_LOCK_CYCLES_H
#define TENTERHOOK_DRIVER_VALIDATE_LOCK_CYCLES_H

#include "findings/evidence.h"

namespace tenterhook::validate {

// Edges of one trace, in the order of the cycle: each takes the lock that the next one holds.
using LockCycle = std::vector<const findings::Observation *>;

struct LockCycles {
  std::vector<LockCycle> found;
  bool cut = false; // there may be more: the search was longer than it may be
};

// Every pair of opposite orders, and of the longer cycles, the shortest first, those that have no order in common with one
// that was told: so one mistake is told once, and none hides another.
LockCycles lock_cycles(const findings::Evidence &evidence);

} // namespace tenterhook::validate

#endif
