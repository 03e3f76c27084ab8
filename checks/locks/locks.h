// Lock effects, bottom-up: what a function acquires, releases and returns, in terms of its own parameters; and which
// locks are held at each suspension point.
//
// Summaries (lock_summary.h) are computed to their fixpoint: a function is looked at again whenever one that it runs or
// awaits has got another summary, callees first. What was cut off is told (program/limits.h), and never `always`.
#ifndef TENTERHOOK_CHECKS_LOCKS_LOCKS_H
#define TENTERHOOK_CHECKS_LOCKS_LOCKS_H

#include "calls/call_graph.h"
#include "locks/lock_transfer.h"
#include "llvm/ADT/BitVector.h"
#include <optional>
#include <set>

namespace tenterhook::analysis {

struct HeldAtSuspension {
  FunctionId in = none;
  facts::OpId suspension = none; // an await or yield
  GuardState guard;
  bool always = false; // in every case that reaches the suspension
  bool cut = false;    // cases were dropped on the way: another one may have let it go
  bool scoped = false; // the guard is a variable of a class without unlock(): it holds to the end of its scope
};

class Locks {
public:
  // `everywhere`: summaries of all functions, not only of those that coroutines run.
  Locks(const Program &program, const Library &library, const CallGraph &calls, const LockNames &names, bool everywhere = false);

  // What calling it does; for a coroutine: what awaiting it does.
  const LockSummary &summary(FunctionId f) const {
    return world_.program.functions[f].coroutine ? world_.awaited[f] : world_.summaries[f];
  }
  // By function, suspension and lock. Awaits that never suspend are left out.
  const std::vector<HeldAtSuspension> &held_at_suspensions() const { return held_; }
  const LockNames &names() const { return world_.names; }
  const LockWorld &world() const { return world_; }
  // Whether anything in the function, or that it calls, touches a lock.
  bool concerns(FunctionId f) const;

private:
  bool touches_locks(FunctionId f) const;
  void find_dependents();
  llvm::BitVector below_suspensions() const;
  void summarise_all();
  bool analyse(FunctionId f); // whether its summary has changed
  void record(FunctionId f);
  bool hands_out(FunctionId awaiter_method);

  LockWorld world_;
  bool everywhere_;
  std::vector<std::vector<FunctionId>> dependents_; // by function, then by set of targets: who runs, awaits or owns by it
  std::vector<HeldAtSuspension> held_;
  std::map<FunctionId, bool> hands_out_;
};

} // namespace tenterhook::analysis

#endif
