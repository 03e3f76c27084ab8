// What a function does to its callers' locks: the list of its exit cases, each with the value it returns where that is
// known, so that `if (try_take()) …` is as precise through a call as without it.
#ifndef TENTERHOOK_CHECKS_LOCKS_LOCK_SUMMARY_H
#define TENTERHOOK_CHECKS_LOCKS_LOCK_SUMMARY_H

#include "locks/lock_state.h"
#include <optional>

namespace tenterhook::analysis {

struct ExitCase {
  std::vector<GuardState> guards;   // held or owned by something that outlives the call; the returned object's path is
                                    // {RootKind::result, none}
  std::vector<AccessPath> released;
  std::optional<bool> returns;
  std::vector<std::pair<Truth, bool>> choices; // Test::runs: which bodies the callables and objects it was given run, and
                                               // which they do not, in this case
  auto operator<=>(const ExitCase &) const = default;
};

struct LockSummary {
  std::vector<ExitCase> exits; // empty: no effect on any lock
  bool capped = false;         // there were more of them
  bool operator==(const LockSummary &) const = default;
};

LockSummary summarise(const Program &program, const facts::Function &function, const LockState &exit);

// What a function returns on every path.
struct Answer {
  enum Kind : std::uint8_t { unknown, constant, parameter, field } kind = unknown;
  std::int64_t value = 0; // the constant, the number of the parameter, or the entity of its object's field
  bool operator==(const Answer &) const = default;
};
std::vector<Answer> collect_answers(const Program &program, const CallGraph &calls);

} // namespace tenterhook::analysis

#endif
