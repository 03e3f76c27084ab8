// The writer's life: opening, flags, the drain's thread, forks, the end. What a pass of the drain writes is drain.cpp.
// Nothing here but start() and open_pending() calls anything that is not async-signal-safe.
#include "trace/writer.h"
#include "trace/share.h"

#include <cstdio>
#include <fcntl.h>
#include <linux/prctl.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace tenterhook::trace::detail {

constinit Writer writer;

ClockPair read_clocks() noexcept {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  std::uint64_t ticks = now();
  return {ticks, std::uint64_t(t.tv_sec) * 1'000'000'000u + std::uint64_t(t.tv_nsec)};
}

namespace {
constexpr std::uint64_t idle_limit = 100'000'000, busy_pause = 5'000'000; // nanoseconds between two passes

// Ticks a nanosecond, from two readings `pause` apart.
double measure_clock(std::uint64_t pause) noexcept {
  ClockPair first = read_clocks(), second;
  do
    second = read_clocks();
  while (second.monotonic - first.monotonic < pause);
  return double(second.ticks - first.ticks) / double(second.monotonic - first.monotonic);
}

thread_local unsigned depth_of_room __attribute__((tls_model("initial-exec"))) = 0;
} // namespace

bool Writer::start(Producer as, const char *given) noexcept {
  Inside inside_now;
  Guard guard(lock);
  if (running || pending) {
    errno = EBUSY;
    return false;
  }
  std::size_t size = std::strlen(given);
  base_path[0] = 0;
  if (*given != '/' && !getcwd(base_path, sizeof base_path - 1))
    base_path[0] = 0;
  std::size_t prefix = std::strlen(base_path);
  if (prefix + size + 2 > sizeof base_path) {
    errno = ENAMETOOLONG;
    return false;
  }
  if (prefix)
    base_path[prefix++] = '/';
  std::memcpy(base_path + prefix, given, size + 1);
  if (!rings.prepare()) {
    errno = EAGAIN;
    return false;
  }
  producer = as;
  double rate = measure_clock(200'000);
  block_ticks = std::uint64_t(double(block_nanoseconds.load()) * rate);
  tables.zero_totals();
  rings.forget_the_past();
  if (!open(false))
    return false;
  thread_wanted = as == Producer::recorder; // for the totals, should there be no event
  set_active(true);
  if (rings.count()) // threads that were traced before do not come by attach() again
    start_thread();
  return true;
}

bool Writer::open_pending() noexcept {
  Inside inside_now;
  Guard guard(lock);
  if (!pending)
    return running;
  bool good = open(true);
  if (!good)
    give_up("cannot make the file of a forked child", errno);
  pending.store(false, std::memory_order_release);
  return good;
}

void Writer::set_thresholds(std::uint64_t block, std::uint64_t stall) noexcept {
  block_nanoseconds = block;
  stall_nanoseconds = stall;
  block_ticks = std::uint64_t(double(block) * measure_clock(200'000));
  settings_version.fetch_add(1);
}

void Writer::watch_stalls(std::uint64_t threshold) noexcept {
  std::uint64_t known = stall_nanoseconds.load(std::memory_order_relaxed);
  do
    if (known >= threshold || (producer == Producer::recorder && known != 0))
      return;
  while (!stall_nanoseconds.compare_exchange_weak(known, threshold, std::memory_order_relaxed));
  settings_version.fetch_add(1);
}

// --- flags of the copies of this code --------------------------------------------------------------------------------

void Writer::set_active(bool on) noexcept {
  active.store(on, std::memory_order_relaxed);
  for (std::atomic<bool> *flag : flags)
    if (flag)
      flag->store(on, std::memory_order_relaxed);
}

bool Writer::join(std::atomic<bool> *flag) noexcept {
  Guard guard(lock);
  for (std::atomic<bool> *&free : flags)
    if (!free) {
      free = flag;
      flag->store(active.load(std::memory_order_relaxed), std::memory_order_relaxed);
      return true;
    }
  return false;
}

void Writer::leave(std::atomic<bool> *flag) noexcept {
  Guard guard(lock);
  for (std::atomic<bool> *&each : flags)
    if (each == flag)
      each = nullptr;
}

// --- threads ---------------------------------------------------------------------------------------------------------

Ring *Writer::attach(Ring **slot, bool for_event) noexcept {
  Inside inside_now;
  if (!active.load(std::memory_order_relaxed) || !ready())
    return nullptr;
  Seat *seat = rings.take(slot);
  if (!seat && for_event)
    rings.seatless.fetch_add(1, std::memory_order_relaxed);
  if (!has_thread.load(std::memory_order_acquire)) {
    if (producer == Producer::recorder && slot == &ring)
      thread_wanted.store(true, std::memory_order_relaxed); // see start_draining()
    else
      make_thread();
  }
  return seat ? &seat->ring : nullptr;
}

void Writer::make_thread() noexcept {
  Inside inside_now;
  thread_wanted.store(false, std::memory_order_relaxed);
  if (!active.load(std::memory_order_relaxed) || !ready())
    return;
  Guard guard(lock);
  if (running && !has_thread)
    start_thread();
}

// Called when the thread's sight of free room is used up: looks again, and calls the drain when half the ring is full.
bool Writer::make_room(Ring &ring, unsigned units) noexcept {
  std::uint64_t head = ring.head.load(std::memory_order_relaxed);
  std::uint64_t tail = ring.tail.load(std::memory_order_acquire);
  if (head - tail >= Ring::capacity / 2) {
    if (has_thread.load(std::memory_order_relaxed))
      wake();
    else if (depth_of_room == 0 && running && lock.try_lock()) { // a child that may make no threads empties it itself
      Inside inside_now;
      ++depth_of_room;
      drain(false, false);
      --depth_of_room;
      lock.unlock();
      tail = ring.tail.load(std::memory_order_acquire);
    }
  }
  if (head + units > tail + Ring::capacity) {
    ring.dropped.fetch_add(1, std::memory_order_release);
    return false;
  }
  std::uint64_t half = head + Ring::capacity / 2, all = tail + Ring::capacity;
  ring.room_until = half < all ? half : all;
  return true;
}

void Writer::wake() noexcept {
  if (asleep.exchange(false, std::memory_order_acq_rel)) {
    alarm.fetch_add(1, std::memory_order_release);
    futex_wake(alarm);
  }
}

void Writer::start_thread() noexcept { // under the lock
#if defined(TENTERHOOK_TSAN)
  if (path[std::strlen(base_path)] != 0)
    return; // ThreadSanitizer allows a forked child no threads
#endif
  if (!thread_gone) {
    has_thread = true; // the one of before takes over
    return;
  }
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before); // the program's signals are for the program's threads
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  thread_gone = false;
  has_thread = true;
  if (pthread_create(&thread, &attributes, [](void *self) -> void * { return thread_main(self); }, this) != 0) {
    thread_gone = true;
    has_thread = false; // make_room() drains then
  }
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void *Writer::thread_main(void *given) noexcept {
  auto &self = *static_cast<Writer *>(given);
  Inside inside_now;
  system_call(SYS_prctl, PR_SET_NAME, word("tenterhook"));
  for (std::uint64_t pause = busy_pause;;) {
    std::uint32_t seen = self.alarm.load(std::memory_order_acquire);
    self.asleep.store(true, std::memory_order_release);
    futex_wait(self.alarm, seen, pause);
    self.asleep.store(false, std::memory_order_relaxed);
    Guard guard(self.lock);
    if (!self.running) {
      self.has_thread = false;
      self.thread_gone.store(true, std::memory_order_release);
      return nullptr;
    }
    bool any = self.drain(false, false) != 0;
    pause = any ? busy_pause : pause * 2 < idle_limit ? pause * 2 : idle_limit;
  }
}

void Writer::flush() noexcept {
  Inside inside_now;
  if (pending)
    return; // a child that did nothing
  Guard guard(lock);
  if (running && descriptor_is_ours())
    drain(true, false);
}

// --- the end ---------------------------------------------------------------------------------------------------------

void Writer::finish(Ending how, std::uint32_t value) noexcept {
  Inside inside_now;
  if (lock.is_mine() || process != process_id())
    return; // the drain itself died, or a child that came by clone(2): the file is not its own
  if (how == Ending::stopped)
    lock.lock();
  else if (!lock.lock_within(2'000'000'000))
    return;
  if (how != Ending::exec)
    set_active(false);
  pending = false;
  if (running && descriptor_is_ours()) {
    drain(true, false);
    write_end(how, value);
    if (how != Ending::exec) {
      running = false;
      system_call(SYS_close, file);
      file = -1;
    }
  }
  lock.unlock();
  if (how == Ending::exec || how == Ending::signal)
    return;
  // The code may be unloaded after this: see the thread out, but do not hang if it was never to run again.
  asleep = true;
  for (int i = 0; i < 200 && !thread_gone.load(std::memory_order_acquire); ++i) {
    asleep = true;
    wake();
    timespec moment{0, 1'000'000};
    system_call(SYS_nanosleep, word(&moment));
  }
}

void Writer::die(Ending how, std::uint32_t value) noexcept {
  Inside inside_now;
  if (process != process_id() || pending)
    return;
  bool mine = lock.is_mine();
  if (!mine && !lock.lock_within(1'000'000'000))
    return;
  if (running && !mine) {
    set_active(false);
    drain(true, true);
    write_end(how, value);
    running = false;
  }
  if (!mine)
    lock.unlock();
}

// --- fork ------------------------------------------------------------------------------------------------------------

void Writer::before_fork() noexcept { lock.lock(); }
void Writer::after_fork_in_parent() noexcept { lock.unlock(); }

void Writer::after_fork_in_child() noexcept {
  lock.reset();
  bool was_on = running || pending;
  if (file >= 0)
    system_call(SYS_close, file);
  file = -1;
  running = false;
  has_thread = false;
  thread_gone = true;
  thread_wanted = false;
  asleep = false;
  process = process_id();
  rings.abandon();
  tables.zero_totals();
  pending.store(was_on && active.load(std::memory_order_relaxed), std::memory_order_release);
}

} // namespace tenterhook::trace::detail
