// The analyses of one program, shared by the rules: those that a chosen rule needs are computed, once, and nothing here
// changes after construction. Reading is safe from many threads.
#ifndef TENTERHOOK_CHECKS_ANALYSIS_ANALYSIS_H
#define TENTERHOOK_CHECKS_ANALYSIS_ANALYSIS_H

#include "awaitables/dropped.h"
#include "blocking/blocking.h"
#include "library/paths.h"
#include "locks/locks.h"
#include "races/races.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <functional>
#include <memory>
#include <mutex>

namespace tenterhook::analysis {

// What a rule reads besides the program, the library and the call graph.
enum Needs : unsigned {
  needs_nothing = 0,
  needs_blocking = 1, // contexts, descriptors and blocking sites
  needs_locks = 2,
  needs_dropped = 4,
  needs_races = 8,
};

struct Options { // of the analyses; the rules set them
  BlockingOptions blocking;
};

// How long the passes took, for --stats. Safe to use from many threads.
class Stopwatch {
public:
  struct Pass {
    std::string name;
    double seconds = 0; // CPU of the thread that ran it
  };
  void run(llvm::StringRef name, llvm::function_ref<void()> pass);
  std::vector<Pass> passes() const; // in the order in which they ended

private:
  mutable std::mutex mutex_;
  std::vector<Pass> passes_;
};

// Independent jobs, which may run at the same time; returns when all have ended.
using Jobs = std::vector<std::function<void()>>;
using RunJobs = llvm::function_ref<void(Jobs)>;

class Analysis {
public:
  // `needs`: a set of Needs.
  Analysis(Program linked, const models::Models &models, const Options &options, unsigned needs, Stopwatch &watch, RunJobs run);
  Analysis(const Analysis &) = delete;

  const Program program;
  const Contexts &contexts() const { return *contexts_; }
  const Blocking &blocking() const { return *blocking_; }
  const Locks &locks() const { return *locks_; }
  const std::vector<Dropped> &dropped() const { return dropped_; }
  const Races &races() const { return *races_; }
  const Library &library() const { return *library_; }
  const CallGraph &calls() const { return *calls_; }
  bool has(Needs what) const { return (needs_ & what) != 0; }
  bool has_calls() const { return calls_ != nullptr; }

private:
  unsigned needs_;
  std::unique_ptr<Library> library_;
  std::unique_ptr<CallGraph> calls_;
  std::unique_ptr<LockNames> names_;
  std::unique_ptr<Contexts> contexts_;
  std::unique_ptr<Descriptors> descriptors_;
  std::unique_ptr<Classes> classes_;
  std::unique_ptr<Blocking> blocking_;
  std::unique_ptr<Locks> locks_;
  std::unique_ptr<Races> races_;
  std::vector<Dropped> dropped_;
};

} // namespace tenterhook::analysis

#endif
