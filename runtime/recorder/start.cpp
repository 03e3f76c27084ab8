// The recorder wakes up in a process: settings from the environment, libc's functions looked up, the trace begun.
//
// TENTERHOOK_RECORD, set by `tenterhook record`: "1 BLOCK STALL EVERY PATH", that is the version of this line, the two
// thresholds in nanoseconds, 1 to record each event, and the trace's path to the end. Without it the library does
// nothing.
#include "recorder/code.h"
#include "recorder/hook.h"
#include "recorder/loops.h"
#include "recorder/reach.h"
#include "recorder/stack.h"
#include "trace/system.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <pthread.h>

extern "C" {
[[gnu::visibility("default")]] const tenterhook::trace::Table *tenterhook_trace_v1() {
  return tenterhook::trace::own_table();
}
[[gnu::visibility("hidden")]] extern tenterhook::recorder::AnyFunction *const __start_tenterhook_functions[];
[[gnu::visibility("hidden")]] extern tenterhook::recorder::AnyFunction *const __stop_tenterhook_functions[];
}

namespace tenterhook::recorder {
namespace {

struct Wanted {
  std::uint64_t block = 0, stall = 0;
  bool every = false;
  const char *path = nullptr;
};

bool read_wishes(const char *text, Wanted &wanted) {
  char *at = nullptr;
  if (std::strtoul(text, &at, 10) != 1 || *at != ' ') return false;
  wanted.block = std::strtoull(at, &at, 10);
  wanted.stall = std::strtoull(at, &at, 10);
  wanted.every = std::strtoul(at, &at, 10) != 0;
  if (*at != ' ' || at[1] == 0) return false;
  wanted.path = at + 1;
  return true;
}

double ticks_per_nanosecond() {
  timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  std::uint64_t first = trace::now(), passed = 0;
  do {
    clock_gettime(CLOCK_MONOTONIC, &end);
    passed = std::uint64_t(end.tv_sec - begin.tv_sec) * 1'000'000'000u + std::uint64_t(end.tv_nsec - begin.tv_nsec);
  } while (passed < 500'000);
  return double(trace::now() - first) / double(passed);
}

// Other threads may be looking at the loader's list of modules, under the loader's lock, which stays locked in a child.
constinit bool prepared_to_fork = false; // not once the trace has ended: a sandbox may not allow what it takes
void before_fork() {
  prepared_to_fork = trace::active();
  if (!prepared_to_fork) return;
  stop_walking();
  lock_code();
}
void in_parent() {
  if (!prepared_to_fork) return;
  unlock_code();
  go_on_walking(false);
}
void in_child() {
  if (!prepared_to_fork) return;
  reset_code_lock();
  go_on_walking(true);
  forget_watchdog();
  forget_other_threads();
}

// All of a fork, with the trace's part: locks are held that a sample would wait for, on their own thread.
void begin_forking() {
  if (!current) return;
  ++current->busy;
  current->forks = true;
}
void end_forking() {
  if (!current || !current->forks) return;
  current->forks = false;
  --current->busy;
}

[[gnu::constructor(102)]] void begin() {
  for (AnyFunction *const *function = __start_tenterhook_functions; function < __stop_tenterhook_functions; ++function)
    (*function)->prepare();
  const char *text = std::getenv("TENTERHOOK_RECORD");
  Wanted wanted;
  if (!text || !read_wishes(text, wanted)) return;
  double rate = ticks_per_nanosecond();
  settings.block_ticks = std::uint64_t(double(wanted.block) * rate);
  settings.stall_ticks = std::uint64_t(double(wanted.stall) * rate);
  settings.stall_nanoseconds = wanted.stall;
  settings.every_event = wanted.every;
  trace::set_thresholds(wanted.block, wanted.stall);
  executable_has_symbols(); // reads them now rather than in the first call
  pthread_atfork(before_fork, in_parent, in_child);
  watch_loops_of_runtime();
  trace::before_totals.store(flush_reach_of_all_threads);
  if (!trace::start_as(trace::Producer::recorder, wanted.path))
    std::fprintf(stderr, "tenterhook: %s: cannot write the trace: %s; nothing is recorded\n", wanted.path,
                 std::strerror(errno));
  pthread_atfork(begin_forking, end_forking, end_forking); // the last that is registered begins first, and ends last
}

} // namespace
} // namespace tenterhook::recorder
