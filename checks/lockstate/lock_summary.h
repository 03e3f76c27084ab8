// What a function does to its callers' locks: the list of its exit cases, each with the value it returns where that is
// known, so that `if (try_take()) …` is as precise through a call as without it.
#ifndef TENTERHOOK_CHECKS_LOCKSTATE_LOCK_SUMMARY_H
#define TENTERHOOK_CHECKS_LOCKSTATE_LOCK_SUMMARY_H

#include "calls/answers.h"
#include "lockstate/lock_state.h"
#include <optional>

namespace tenterhook::analysis {

struct ExitCase {
  std::vector<GuardState> guards; // held or owned by something that outlives the call; the returned object's path is
                                  // {RootKind::result, none}
  std::vector<AccessPath> released;
  std::optional<bool> returns;
  std::vector<std::pair<Truth, bool>> choices; // Test::runs: which bodies the callables and objects it was given run, and
                                               // which they do not, in this case
  std::vector<std::pair<Truth, bool>> given;   // what its parameters are in this case
  auto operator<=>(const ExitCase &) const = default;
};

struct LockSummary {
  std::vector<ExitCase> exits; // empty: no effect on any lock
  bool capped = false;         // there were more of them
  bool operator==(const LockSummary &) const = default;
};

LockSummary summarise(const Program &program, const facts::Function &function, const LockState &exit);

// All that a transfer reads of the program; one for all functions.
struct LockWorld {
  const Program &program;
  const Library &library;
  const CallGraph &calls;
  const LockNames &names;
  std::vector<LockSummary> summaries; // what calling it does
  std::vector<LockSummary> awaited;   // coroutines: what awaiting it does
  std::vector<bool> unknown;          // of a recursion whose end nobody has reached yet: no state comes back from it
  std::vector<Answer> answers;        // by function: what it returns, if that is always the same
  std::vector<bool> has_guard_;       // by TypeId; see has_guard

  LockWorld(const Program &program, const Library &library, const CallGraph &calls, const LockNames &names);
  // Whether it is a class of the program's own with a guard among its members, or theirs.
  bool has_guard(facts::TypeId type) const { return type != none && has_guard_[program.strip_references(type)]; }
};

} // namespace tenterhook::analysis

#endif
