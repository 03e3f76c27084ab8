// Lock effects, bottom-up: what a function acquires, releases and returns, in terms of its own parameters; and which
// locks are held at each suspension point.
//
// Summaries are computed over the call graph's components, callees first (two rounds inside a recursive component).
// A summary is the list of a function's exit cases, each with the value it returns where that is known, so that
// `if (try_take()) …` is as precise through a call as without it.
#ifndef TENTERHOOK_CHECKS_LOCKS_LOCKS_H
#define TENTERHOOK_CHECKS_LOCKS_LOCKS_H

#include "calls/call_graph.h"
#include "locks/lock_state.h"
#include <optional>

namespace tenterhook::analysis {

struct ExitCase {
  std::vector<GuardState> guards;   // held or owned by something that outlives the call; the returned object's path is
                                    // {RootKind::result, none}
  std::vector<AccessPath> released;
  std::optional<bool> returns;
  auto operator<=>(const ExitCase &) const = default;
};

struct LockSummary {
  static constexpr std::size_t max_exits = 6;
  std::vector<ExitCase> exits; // empty: no effect on any lock
  bool operator==(const LockSummary &) const = default;
};

struct HeldAtSuspension {
  FunctionId in = none;
  facts::OpId suspension = none; // an await or yield
  GuardState guard;
  bool always = false;           // in every case that reaches the suspension
};

class Locks {
public:
  Locks(const Program &program, const Library &library, const CallGraph &calls);

  // What calling it does; for a coroutine: what awaiting it does.
  const LockSummary &summary(FunctionId f) const {
    return program_.functions[f].coroutine ? awaited_[f] : summaries_[f];
  }
  // By function, suspension and lock. Suspensions that cannot suspend (await_ready is constant true) are left out.
  const std::vector<HeldAtSuspension> &held_at_suspensions() const { return held_; }
  // Functions whose states were cut off.
  const std::vector<FunctionId> &capped() const { return capped_; }

private:
  bool relevant(FunctionId f) const;
  void analyse(FunctionId f, bool record);

  const Program &program_;
  const Library &library_;
  PathFacts paths_;
  std::vector<LockSummary> summaries_;
  std::vector<LockSummary> awaited_; // coroutines: what awaiting them does
  std::vector<HeldAtSuspension> held_;
  std::vector<FunctionId> capped_;
};

// Whether an await or yield may suspend: not if its await_ready is constant true.
bool may_suspend(const Program &program, const Library &library, FunctionId f, const facts::Operation &op);

} // namespace tenterhook::analysis

#endif
