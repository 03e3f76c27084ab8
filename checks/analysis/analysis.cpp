// The passes, in the order in which they need each other; those that do not, at the same time.
#include "analysis/analysis.h"
#include "library/vendored.h"
#include "llvm/ADT/STLExtras.h"
#include <ctime>

namespace tenterhook::analysis {

static double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void Stopwatch::run(llvm::StringRef name, llvm::function_ref<void()> pass) {
  double before = thread_seconds();
  pass();
  double seconds = thread_seconds() - before;
  const std::lock_guard lock(mutex_);
  passes_.push_back({name.str(), seconds});
}

std::vector<Stopwatch::Pass> Stopwatch::passes() const {
  const std::lock_guard lock(mutex_);
  return passes_;
}

static Program without_vendored(Program program, const models::Models &models) {
  set_vendored(program, models);
  return program;
}

Analysis::Analysis(Program linked, const models::Models &models, const Options &options, unsigned needs, Stopwatch &watch,
                   RunJobs run)
    : program(without_vendored(std::move(linked), models)), needs_(needs) {
  watch.run("library", [&] { library_ = std::make_unique<Library>(program, models); });
  if (needs & (needs_blocking | needs_locks | needs_dropped | needs_races))
    watch.run("calls", [&] { calls_ = std::make_unique<CallGraph>(program, *library_); });
  if (needs & (needs_blocking | needs_locks | needs_races))
    watch.run("names", [&] { names_ = std::make_unique<LockNames>(program, *library_, *calls_); });
  Jobs jobs;
  if (needs & needs_blocking)
    jobs.emplace_back([&] {
      watch.run("contexts", [&] { contexts_ = std::make_unique<Contexts>(program, *library_, *calls_, *names_); });
      watch.run("descriptors", [&] { descriptors_ = std::make_unique<Descriptors>(program, *library_, *calls_); });
      watch.run("classes", [&] { classes_ = std::make_unique<Classes>(program, *library_); });
      watch.run("blocking", [&] {
        blocking_ =
            std::make_unique<Blocking>(program, *library_, *calls_, *contexts_, *descriptors_, *classes_, options.blocking);
      });
    });
  if (needs & (needs_locks | needs_races))
    jobs.emplace_back([&] {
      watch.run("locks",
                [&] { locks_ = std::make_unique<Locks>(program, *library_, *calls_, *names_, (needs & needs_races) != 0); });
      if (needs & needs_races)
        watch.run("races", [&] { races_ = std::make_unique<Races>(program, *library_, *calls_, *locks_); });
    });
  if (needs & needs_dropped)
    jobs.emplace_back([&] { watch.run("dropped", [&] { dropped_ = find_dropped(program, *library_, *calls_); }); });
  run(std::move(jobs));
}

} // namespace tenterhook::analysis
