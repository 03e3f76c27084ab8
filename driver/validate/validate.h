// The whole of `tenterhook validate` but files and the command line: findings and evidence in, verdicts out.
#ifndef TENTERHOOK_DRIVER_VALIDATE_VALIDATE_H
#define TENTERHOOK_DRIVER_VALIDATE_VALIDATE_H

#include "validate/judge.h"
#include "validate/report.h"
#include "llvm/Support/raw_ostream.h"

namespace tenterhook::validate {

// What a run saw and no finding predicts: a miss of the analyzer, or a kind that no check looks for.
struct Unpredicted {
  std::string kind; // "blocking-call", "held-lock", "foreign-unlock", "stall", "lost-task", "lock-order", "data-race", "report"
  std::string what; // a sentence
  std::string function;  // that holds the place
  findings::Place place; // in user code
  findings::Stack stack;
  std::string evidence, thread;
  struct Side {
    findings::Stack stack;
    std::string thread;
  };
  std::vector<Side> others; // what else takes part: the other access, who took the lock, the rest of a cycle
  std::uint64_t time = 0, count = 1;
  std::uint64_t duration = 0; // nanoseconds, of what lasts
};

struct Judgements {
  std::vector<findings::Verdict> verdicts;           // one for each subject, in order
  std::vector<Unpredicted> unpredicted;              // by place, then kind
  std::map<std::string, std::string> set_aside;      // traces that no verdict looks at, with their programs
  std::size_t unplaced = 0;                          // that could not be compared: no frame has a line of the program's sources
  std::vector<std::string> lock_orders_cut;          // traces in which more cycles of locks may be than were searched for
  std::map<findings::Judgement, std::size_t> totals; // suppressed findings left out
};

Judgements judge_all(const LoadedReport &report, const std::vector<findings::Evidence> &evidence, const Thresholds &thresholds);

// Kinds of unpredicted observations with a line on each, for SARIF's rules.
struct UnpredictedKind {
  const char *kind, *name, *summary;
};
llvm::ArrayRef<UnpredictedKind> unpredicted_kinds();

// The report's SARIF with verdicts, the run's steps behind the static ones, and what was not predicted. Verdicts of an
// earlier validation are replaced.
Json annotated(const LoadedReport &report, const std::vector<findings::Evidence> &evidence, const Judgements &judgements,
               const driver::SourceReader &reader);

// The table for a person.
void print_summary(const LoadedReport &report, const std::vector<findings::Evidence> &evidence, const Judgements &judgements,
                   const driver::TextStyle &style, llvm::raw_ostream &out);

} // namespace tenterhook::validate

#endif
