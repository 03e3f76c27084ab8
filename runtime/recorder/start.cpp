// The recorder wakes up in a process: settings from the environment, libc's functions looked up, the trace begun.
//
// TENTERHOOK_RECORD, set by `tenterhook record`: "3 BLOCK STALL EVERY CHILDREN ROOT RATE COUNTER PATH", that is the version of
// this line, the two thresholds in nanoseconds, 1 to record each event, which children (Children below), the process that the run
// begins with, the processor's ticks in a second (0: to be measured), the shared memory (shmat) in which processes whose trace is
// lost are counted (-1: nowhere), and the trace's path to the end. Without it the library does nothing.
//
// Most of a run's processes are over in a millisecond: what not all of them need is done when it is needed first.
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
#include <sys/shm.h>
#include <utility>

extern "C" {
[[gnu::visibility("default")]] const tenterhook::trace::Table *tenterhook_trace_v1() { return tenterhook::trace::own_table(); }

// Of a program that is built with a sanitizer: there, or null.
[[gnu::weak]] void __asan_init();
[[gnu::weak]] void __tsan_init();
[[gnu::weak]] void __msan_init();
[[gnu::weak]] void __hwasan_init();

// AddressSanitizer's shared library wants to be the first of all, and ends the program where another one is preloaded. It
// asks this function for its settings; a program's own comes before ours, and ASAN_OPTIONS before both.
[[gnu::visibility("default")]] const char *__asan_default_options() { return "verify_asan_link_order=0"; }
}

namespace tenterhook::recorder {
namespace {

using trace::detail::process_id;

enum class Children : unsigned char { none, forked, all };

struct Wanted {
  std::uint64_t block = 0, stall = 0, rate = 0;
  std::uint32_t root = 0;
  int counter = -1;
  bool every = false;
  Children children = Children::all;
  const char *path = nullptr;
};

// By hand: libc's way goes through the tables of its locale, which a short process would touch for it alone.
bool read_number(const char *&at, std::int64_t &number) {
  bool negative = *at == '-';
  at += negative;
  if (*at < '0' || *at > '9')
    return false;
  for (number = 0; *at >= '0' && *at <= '9'; ++at)
    number = number * 10 + (*at - '0');
  number = negative ? -number : number;
  return *at++ == ' ';
}

bool read_wishes(const char *text, Wanted &wanted) {
  std::int64_t numbers[8];
  for (std::int64_t &number : numbers)
    if (!read_number(text, number))
      return false;
  auto [version, block, stall, every, children, root, rate, counter] = numbers;
  if (version != 3 || children < 0 || children > static_cast<std::int64_t>(Children::all) || !*text)
    return false;
  wanted = {.block = std::uint64_t(block),
            .stall = std::uint64_t(stall),
            .rate = std::uint64_t(rate),
            .root = std::uint32_t(root),
            .counter = int(counter),
            .every = every != 0,
            .children = Children(children),
            .path = text};
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
TENTERHOOK_WRITTEN_BY_FORK constinit bool prepared_to_fork =
    false; // not once the trace has ended: a sandbox may not allow what it takes
void before_fork() {
  prepared_to_fork = trace::active();
  if (!prepared_to_fork)
    return;
  if (current)
    for (Path &path : current->paths)
      flush_reach(path); // in the child there is nothing to add
  stop_walking();
  lock_code();
}
void in_parent() {
  if (!prepared_to_fork)
    return;
  unlock_code();
  go_on_walking(false);
}
TENTERHOOK_WRITTEN_BY_FORK constinit bool records_forked = true;
void in_child() {
  if (!prepared_to_fork)
    return;
  if (!records_forked)
    return trace::stop_in_child();
  reset_code_lock();
  go_on_walking(true);
  forget_watchdog();
  forget_other_threads();
}

// All of a fork, with the trace's part: locks are held that a sample would wait for, on their own thread.
void begin_forking() {
  if (!current)
    return;
  ++current->busy;
  current->forks = true;
}
void end_forking() {
  if (!current || !current->forks)
    return;
  current->forks = false;
  --current->busy;
}

TENTERHOOK_WRITTEN_BY_FORK constinit int counter_of_lost = -1;
// Memory that all processes of the run share; each may have another root, another user and no descriptor to spare by now.
struct Shared {
  std::atomic<std::uint32_t> lost; // processes whose trace could not be begun
  std::atomic<std::uint32_t>
      begun; // 1: that of the first process was; 2: which has turned into a program that is counted as lost
};
template <typename Use> void with_shared(Use use) noexcept {
  using namespace trace::detail;
  if (counter_of_lost < 0)
    return;
  long memory = system_call(SYS_shmat, counter_of_lost, 0, 0);
  if (memory < 0 && memory > -4096)
    return;
  use(*reinterpret_cast<Shared *>(memory));
  system_call(SYS_shmdt, memory);
}
void count_as_lost() noexcept {
  with_shared([](Shared &shared) { shared.lost.fetch_add(1); });
}
// Of the process that the run begins with, which may have turned into another program by now: then there is a trace, and nothing
// is said while the program runs.
void tell_beginning(bool failed, const char *path) noexcept {
  int why = errno;
  bool begun = false;
  with_shared([&](Shared &shared) {
    begun = failed ? shared.begun.load() != 0 : (shared.begun.store(1), true);
    if (failed && begun && shared.begun.exchange(2) == 1)
      shared.lost.fetch_add(1);
  });
  if (failed && !begun)
    std::fprintf(stderr, "tenterhook: %s: cannot write the trace: %s; nothing is recorded\n", path, std::strerror(why));
}

const char *name_of_function(std::uint32_t index) noexcept {
  const AnyFunction *function = AnyFunction::first + index;
  return function < AnyFunction::end ? function->shown() : nullptr;
}

// Valgrind knows no clone() but a thread's or a fork's: it ends the program. Answers its question "where do I run?", which is no
// operation on a processor (valgrind.h).
bool is_under_valgrind() noexcept {
#if defined(__x86_64__)
  constexpr std::uint64_t running_on_valgrind = 0x1001;
  const volatile std::uint64_t question[6] = {running_on_valgrind};
  std::uint64_t answer = 0;
  __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi; xchgq %%rbx, %%rbx"
                   : "+d"(answer)
                   : "a"(question)
                   : "cc", "memory");
  return answer != 0;
#else
  return false;
#endif
}

// A sanitizer has hooks and tables of its own, below ours.
bool is_sanitized() noexcept { return __asan_init || __tsan_init || __msan_init || __hwasan_init; }

[[gnu::constructor(102)]] void begin() {
  if (AnyFunction::end - AnyFunction::first > AnyFunction::capacity)
    __builtin_trap(); // whoever added a hook finds out at once
  const char *text = std::getenv("TENTERHOOK_RECORD");
  Wanted wanted;
  if (!text || !read_wishes(text, wanted) || is_under_valgrind() || is_sanitized())
    return;
  bool child = process_id() != wanted.root;
  if (child && wanted.children != Children::all)
    return;
  records_forked = wanted.children != Children::none;
  trace::fixed_string.store(name_of_function);
  double rate = wanted.rate ? double(wanted.rate) / 1e9 : ticks_per_nanosecond();
  settings.block_ticks = std::uint64_t(double(wanted.block) * rate);
  settings.stall_ticks = std::uint64_t(double(wanted.stall) * rate);
  settings.stall_nanoseconds = wanted.stall;
  settings.every_event = wanted.every;
  trace::set_thresholds(wanted.block, wanted.stall);
  if (!child)
    executable_has_symbols(); // reads them now rather than in the first call
  pthread_atfork(before_fork, in_parent, in_child);
  watch_loops_of_runtime();
  trace::before_totals.store(flush_reach_of_all_threads);
  trace::totals_matter.store(counted_where_names_are_known);
  counter_of_lost = wanted.counter;
  trace::trace_is_lost.store(count_as_lost);
  bool failed = !trace::start_as(trace::Producer::recorder, wanted.path, {child, rate});
  if (!child)
    tell_beginning(failed, wanted.path);
  pthread_atfork(begin_forking, end_forking, end_forking); // the last that is registered begins first, and ends last
}

} // namespace

void prepare_all_functions() noexcept {
  static constinit bool done = false;
  if (std::exchange(done, true))
    return;
  for (const AnyFunction *function = AnyFunction::first; function < AnyFunction::end; ++function)
    function->prepare();
}

} // namespace tenterhook::recorder
