// Turns of loops, and the watchdog. See loops.h.
#include "recorder/loops.h"
#include "recorder/code.h"
#include "recorder/descriptors.h"
#include "recorder/locks.h"
#include "recorder/reach.h"
#include "recorder/sampling.h"
#include "trace/aside.h"
#include "trace/own_threads.h"
#include "trace/program_memory.h"
#include "trace/system.h"

#include <algorithm>
#include <fcntl.h>
#include <linux/prctl.h>
#include <pthread.h>
#include <unwind.h>

namespace tenterhook::recorder {
namespace {

using namespace trace::detail;
constexpr auto relaxed = std::memory_order_relaxed;

constexpr unsigned turns_of_a_loop = 3;   // of poll or select at one place
constexpr std::uint64_t hang_factor = 10; // so many thresholds: it may never end, write it now

TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<bool> has_watchdog{false},
    can_sample{false};                                                            // else stalls have no stacks, but durations
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<std::uint32_t> watchdogs_end{0}; // futex; 0 it watches, 1 it is to end, 2 it has
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<std::uint32_t> watchdogs_task{0}; // its id for the kernel
TENTERHOOK_WRITTEN_BY_FORK constinit Lock watchdogs_life;                          // of who starts it or ends it
TENTERHOOK_WRITTEN_BY_FORK constinit std::uint32_t watchdogs_process = 0;
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<std::uint64_t> shortest_watch{0}; // nanoseconds

void write_stall(Thread &thread, std::uint64_t begin, std::uint64_t end) {
  trace::StallDetail detail{};
  detail.duration = end - begin;
  detail.flags = trace::on_loop_thread;
  detail.loop = thread.loop;
  bool sampled = thread.sampled == begin;
  if (sampled)
    detail.stack = thread.sampled_stack;
  if (sampled && thread.sampled_inside)
    detail.flags |= trace::in_coroutine;
  if (thread.runtimes_loop || (sampled && thread.sampled_below_loop))
    detail.flags |= trace::below_loop;
  if (count_held(thread))
    detail.flags |= trace::under_lock;
  trace::emit_at(trace::Kind::stall, 0, sampled ? thread.sampled_site : 0, 0, detail);
}

void keep_sample(Thread &thread, const Stack &stack, std::uint32_t id, std::uint64_t slice) {
  thread.sampled_stack = id ? id : keep_stack(thread, stack);
  thread.sampled_site = stack.place.site;
  thread.sampled_inside = stack.place.inside;
  thread.sampled_below_loop = is_below_known_loop(thread, stack);
  thread.sampled = slice;
  thread.sampled_at = trace::now();
}

// On the thread that stalls.
void on_sample(void *context) {
  Thread *thread = current;
  if (!thread)
    return;
  thread->samples.fetch_add(1, relaxed);
  std::uint64_t slice = thread->out_since.load(relaxed);
  if (slice == 0 || thread->ask.load(relaxed) != slice || !has_room_for_walk(context))
    return;
  if (thread->busy || trace::inside_writer()) {
    thread->ask.store(0, relaxed); // to be asked again
    return;
  }
  Busy busy(*thread);
  keep_sample(*thread, walk(*thread, true), 0, slice);
  // A loop that was left for good is out of its wait as well; with a coroutine on the stack it was not.
  if (thread->ask_again.load(relaxed) && thread->sampled_inside)
    write_stall(*thread, slice, trace::now());
}

// Runs on a processor or waits for a futex, as the kernel says.
bool is_safe_to_interrupt(std::uint32_t id) {
  char path[64] = "/proc/self/task/", digits[12], text[32] = {};
  unsigned count = 0;
  for (std::uint32_t rest = id; rest || !count; rest /= 10)
    digits[count++] = char('0' + rest % 10);
  char *at = path + 16;
  while (count)
    *at++ = digits[--count];
  for (const char *tail = "/syscall"; *tail; ++tail)
    *at++ = *tail;
  *at = 0;
  long file = system_call(SYS_openat, AT_FDCWD, word(path), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return false;
  long size = system_call(SYS_read, file, word(text), sizeof text - 1);
  system_call(SYS_close, file);
  if (size <= 0)
    return false;
  if (text[0] == 'r')
    return true; // running
  long number = 0;
  for (char *digit = text; *digit >= '0' && *digit <= '9'; ++digit)
    number = number * 10 + (*digit - '0');
  return number == SYS_futex;
}

void look_at(Thread &thread, std::uint64_t now) {
  std::uint32_t id = thread.system_id.load(std::memory_order_acquire);
  std::uint64_t slice = thread.out_since.load(relaxed);
  if (id == 0 || slice == 0 || now < slice || now - slice < thread.sample_after.load(relaxed))
    return;
  bool hangs = now - slice >= hang_factor * settings.stall_ticks;
  if (thread.ask.load(relaxed) == slice && (!hangs || thread.ask_again.load(relaxed)))
    return;
  switch (thread.waiting.load(relaxed)) {
  case Waiting::fragile: return;
  case Waiting::restartable:
    if (!hangs)
      return;
    break;
  case Waiting::no:
    if (!is_safe_to_interrupt(id))
      return;
    break;
  }
  thread.ask_again.store(hangs, relaxed);
  thread.ask.store(slice, relaxed);
  if (can_sample.load(relaxed) && thread.out_since.load(relaxed) == slice)
    ask_for_sample(id);
}

void *watch(void *) {
  Inside inside_now; // hooks pass this thread through
  system_call(SYS_prctl, PR_SET_NAME, word("tenterhook-watch"));
  leave_descriptors();
  watchdogs_task.store(thread_id());
  can_sample.store(prepare_sampling(on_sample), relaxed);
  while (watchdogs_end.load() == 0) {
    std::uint64_t pause = shortest_watch.load(relaxed) / 4;
    if (pause < 2'000'000)
      pause = 2'000'000;
    futex_wait(watchdogs_end, 0, pause);
    if (!trace::active())
      continue;
    std::uint64_t now = trace::now();
    for (Thread *thread = all_threads.load(std::memory_order_acquire); thread; thread = thread->next)
      look_at(*thread, now);
  }
  end_own_thread();
  watchdogs_end.store(2);
  return nullptr;
}

void start_watchdog() {
  if (settings.stall_ticks == 0 || trace::threads_are_put_off() || watchdogs_life.is_mine())
    return;
  Guard guard(watchdogs_life);
  if (trace::threads_are_put_off() || has_watchdog.exchange(true))
    return;
  watchdogs_process = process_id();
  if (shortest_watch.load() == 0)
    shortest_watch.store(settings.stall_nanoseconds);
  create_own_thread(watch, nullptr, 1u << 17);
}

const void *function_at(const void *address) {
  return _Unwind_FindEnclosingFunction(const_cast<char *>(static_cast<const char *>(address)) - 1);
}
bool is_loop_function(const Thread &thread, const void *function) {
  auto *begin = thread.loop_functions.data(), *end = begin + thread.loop_function_count;
  return std::find(begin, end, function) != end;
}

void add_loop_functions(Thread &thread, const Stack &stack) {
  for (unsigned i = 0; i < stack.frames && thread.loop_function_count < Thread::max_loop_functions; ++i) {
    Code code = code_at(thread.frames[i]);
    if (code.coroutine)
      return; // a loop in a loop's callback
    const void *function = code.system || code.library ? nullptr : function_at(thread.frames[i]);
    if (function && !is_loop_function(thread, function))
      thread.loop_functions[thread.loop_function_count++] = function;
  }
}

// The stack of the thread's wait, in the trace.
void tell_loop_place(Thread &thread, const Stack &stack) {
  trace::StackDetail detail{};
  detail.stack = keep_stack(thread, stack);
  auto *begin = thread.loop_places.data(), *end = begin + std::min(thread.loop_place_count, Thread::max_loop_places);
  if (!detail.stack || std::find(begin, end, detail.stack) != end)
    return;
  thread.loop_places[thread.loop_place_count++ % Thread::max_loop_places] = detail.stack;
  trace::emit_at(trace::Kind::loop_place, thread.loop, stack.place.site, 0, detail);
}

void enter_loop(Thread &thread, std::uint64_t site) {
  thread.loop = trace::new_id();
  thread.sample_after.store(settings.stall_ticks, relaxed);
  trace::set_role(trace::Role::loop);
  trace::emit_at(trace::Kind::loop_enter, thread.loop, site);
  start_watchdog();
}

// A library's function that runs a loop is on the stack, and it is not one of the library's workers that runs it: what
// calls the innermost of them tells, since a worker's job may run a loop of its own. To wait: the innermost that is
// neither a system's nor one of the library's own locks.
bool is_in_loop_of_library(const Thread &thread, const Stack &stack, bool innermost) {
  bool found = false, seen = false;
  for (unsigned i = 0; i < stack.frames; ++i) {
    Code code = code_at(thread.frames[i]);
    if (code.system || code.library)
      continue;
    if (code.worker)
      return false;
    if (found && !code.loop)
      return true;
    found = found || (code.loop && !(innermost && seen));
    seen = true;
  }
  return found;
}

// The innermost function of the program.
bool is_loops_own(Thread &thread) {
  Stack stack = walk(thread);
  for (unsigned i = 0; i < stack.frames; ++i) {
    Code code = code_at(thread.frames[i]);
    if (code.coroutine)
      return false;
    if (!code.system && !code.library)
      return is_loop_function(thread, function_at(thread.frames[i]));
  }
  return false;
}

bool is_loop(Thread &thread, const Caller &here, const WaitFor &wait) {
  if (wait.kind == WaitKind::queue)
    return true;
  if (thread.runtimes_loop)
    return false;
  // Of a thread that waits in epoll_wait, poll is a call like others: so do asio's synchronous operations wait.
  bool has_list = thread.loop && thread.waits >= turns_of_a_loop;
  if (has_list && thread.wait_site == here.address)
    return true;
  if (wait.nothing)
    return false;
  pollfd only;
  if (wait.only && read_from_program(wait.only, only) && only.fd >= 0 && is_stream_of_data(only.fd))
    return false; // a client that waits for its answer
  if (has_list)
    return true;
  if (thread.wait_site != here.address) {
    thread.wait_site = here.address;
    thread.waits = 0;
  }
  return ++thread.waits >= turns_of_a_loop;
}

// The slice of the loop ends.
void end_slice(Thread &thread) {
  std::uint64_t begin = thread.out_since.exchange(0, relaxed);
  if (!begin)
    return;
  std::uint64_t end = trace::now();
  if (settings.stall_ticks && end - begin >= settings.stall_ticks)
    write_stall(thread, begin, end);
}

} // namespace

bool begin_wait(Thread &thread, const Caller &here, const WaitFor &wait, const AnyFunction &function, bool nonblocking) noexcept {
  check_held_at_wait(thread, nullptr);
  Busy busy(thread);
  Path &place = locate(thread, here);
  if (place.inside || !is_loop(thread, here, wait))
    return false;
  if (!thread.loop)
    enter_loop(thread, place.site);
  if (!has_watchdog.load(relaxed))
    start_watchdog(); // a forked child's
  if (place.loops_own == Path::unknown) {
    Stack stack = walk(thread);
    add_loop_functions(thread, stack);
    if (!thread.runtimes_loop)
      tell_loop_place(thread, stack);
    place.loops_own = Path::yes;
  }
  end_slice(thread);
  count_reach(place, function.name_id(), nonblocking, 0);
  if (trace::wants_draining() && count_held(thread) == 0)
    trace::start_draining(true);
  if (settings.every_event && !thread.runtimes_loop)
    trace::emit_at(trace::Kind::loop_wait, thread.loop, place.site, count_held(thread));
  return true;
}

bool begin_idle_wait(Thread &thread, const Caller &here, const void *released_meanwhile) noexcept {
  check_held_at_wait(thread, released_meanwhile);
  Busy busy(thread);
  Path &place = locate(thread, here);
  if (!thread.loop) {
    if (place.known_loop == Path::unknown)
      place.known_loop = is_in_loop_of_library(thread, walk(thread), true) ? Path::yes : Path::no;
    if (place.known_loop == Path::no)
      return false;
    enter_loop(thread, place.site);
    add_loop_functions(thread, walk(thread));
    place.loops_own = Path::yes;
  }
  if (place.loops_own == Path::unknown)
    place.loops_own = is_loops_own(thread) ? Path::yes : Path::no;
  if (place.loops_own == Path::no)
    return false;
  end_slice(thread);
  return true;
}

Turn::~Turn() {
  int error = errno;
  thread_.waiting.store(Waiting::no, relaxed);
  thread_.call_frame = nullptr;
  thread_.clock = trace::now();
  thread_.out_since.store(thread_.clock, relaxed);
  if (settings.every_event && !thread_.runtimes_loop) {
    Busy busy(thread_);
    trace::emit_at(trace::Kind::loop_wake, thread_.loop, 0);
  }
  errno = error;
}

void note_loop_of_library(Thread &thread, const Stack &stack) noexcept {
  if (!thread.loop && is_in_loop_of_library(thread, stack, false))
    enter_loop(thread, 0);
}

bool is_below_known_loop(const Thread &thread, const Stack &stack) noexcept {
  return thread.runtimes_loop || is_in_loop_of_library(thread, stack, false);
}

void note_stalling_call(Thread &thread, const Stack &stack, std::uint32_t id, std::uint64_t duration) noexcept {
  std::uint64_t slice = thread.out_since.load(relaxed), now = trace::now();
  if (!slice || !settings.stall_ticks)
    return;
  if (thread.runtimes_loop && (thread.call_slice != slice || thread.call_duration < duration)) {
    thread.call_slice = slice;
    thread.call_ended = now;
    thread.call_duration = duration;
    thread.call_stack = id ? id : keep_stack(thread, stack);
  }
  if (thread.sampled != slice && now - slice >= thread.sample_after.load(relaxed))
    keep_sample(thread, stack, id, slice);
}

namespace {

void enter_runtimes_loop(std::uint64_t loop, std::uint64_t threshold) noexcept {
  Thread *thread = current ? current : adopt_thread();
  if (!thread || thread->busy)
    return;
  Busy busy(*thread);
  thread->loop = loop;
  thread->runtimes_loop = true;
  thread->clock = trace::now(); // before the first wait, too, there are slices
  if (!settings.stall_ticks)
    return;
  std::uint64_t nanoseconds = settings.stall_nanoseconds;
  if (threshold && threshold < nanoseconds)
    nanoseconds = threshold;
  double rate = double(settings.stall_ticks) / double(settings.stall_nanoseconds);
  thread->sample_after.store(std::uint64_t(double(nanoseconds) * rate), relaxed);
  start_watchdog();
  std::uint64_t shortest = shortest_watch.load(relaxed);
  while (nanoseconds < shortest && !shortest_watch.compare_exchange_weak(shortest, nanoseconds, relaxed)) {
  }
  thread->out_since.store(thread->clock, relaxed);
}

void leave_runtimes_loop() noexcept {
  Thread *thread = current;
  if (!thread || thread->busy || !thread->runtimes_loop)
    return;
  Busy busy(*thread);
  end_slice(*thread);
  thread->loop = 0;
  thread->runtimes_loop = false;
}

std::uint32_t stack_of_runtimes_stall(std::uint64_t ticks) noexcept {
  Thread *thread = current;
  if (!thread || !thread->runtimes_loop)
    return 0;
  std::uint64_t now = trace::now(), begin = now - ticks - ticks / 16; // the runtime looked at the clock a moment ago
  std::uint64_t slice = thread->out_since.exchange(now, relaxed);     // what follows is another
  if (!slice)
    return 0;
  if (thread->sampled == slice && thread->sampled_at >= begin)
    return thread->sampled_stack;
  bool explains = thread->call_slice == slice && thread->call_ended >= begin && thread->call_duration >= ticks / 2;
  return explains ? thread->call_stack : 0;
}

constexpr trace::LoopWatch watch_of_runtime = {enter_runtimes_loop, leave_runtimes_loop, stack_of_runtimes_stall};

} // namespace

void watch_loops_of_runtime() noexcept { trace::loop_watch.store(&watch_of_runtime); }

void forget_watchdog() noexcept {
  watchdogs_life.reset();
  has_watchdog.store(false);
  watchdogs_end.store(0);
}

void end_watchdog() noexcept {
  if (watchdogs_life.is_mine())
    return; // in a handler of a signal that came meanwhile
  Guard guard(watchdogs_life);
  if (!has_watchdog.load() || watchdogs_process != process_id())
    return; // a vfork child's call
  watchdogs_end.store(1);
  futex_wake(watchdogs_end);
  for (int i = 0; i < 10'000 && watchdogs_end.load() != 2; ++i)
    pause_for(100'000);
  if (watchdogs_end.load() == 2)
    wait_for_end(watchdogs_task.load());
  has_watchdog.store(false);
  watchdogs_end.store(0);
  end_sampling();
}

} // namespace tenterhook::recorder
