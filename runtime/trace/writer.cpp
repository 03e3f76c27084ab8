// The writer's life: opening, flags, jobs, forks, the end. The drain's thread is drain_thread.cpp; what a pass of the drain
// writes, drain.cpp. Nothing here but start() and open_pending() calls anything that is not async-signal-safe.
#include "trace/writer.h"
#include "trace/aside.h"
#include "trace/share.h"

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <utility>

namespace tenterhook::trace::detail {

TENTERHOOK_WRITTEN_BY_FORK constinit Writer writer;
constinit char Writer::base_path[4096] = {}, Writer::path[4160] = {};

ClockPair read_clocks() noexcept {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  std::uint64_t ticks = now();
  return {ticks, std::uint64_t(t.tv_sec) * 1'000'000'000u + std::uint64_t(t.tv_nsec)};
}

namespace {
constexpr std::uint64_t longest_wait = 10'000'000'000; // for the thread, by a process that ends

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

bool Writer::start(Producer as, const char *given, const Origin &origin) noexcept {
  Inside inside_now;
  if (!origin.child)
    refresh_modules();
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
  double rate = origin.ticks_per_nanosecond > 0 ? origin.ticks_per_nanosecond : measure_clock(200'000);
  block_ticks = std::uint64_t(double(block_nanoseconds.load()) * rate);
  process = process_id();
  grace = as == Producer::recorder ? std::uint64_t(100e6 * rate) : 0;
  thread_wanted = as == Producer::recorder; // for the totals, should there be no event
  if (origin.child) {
    thread_after = now() + grace;
    pending = true;
    set_active(true);
    return true;
  }
  tables.zero_totals();
  rings.forget_the_past();
  parent = std::uint32_t(system_call(SYS_getppid));
  if (!perform({Job::open}))
    return false;
  set_active(true);
  if (rings.count()) // threads that were traced before do not come by attach() again
    start_thread();
  return true;
}

bool Writer::open_pending() noexcept {
  if (process != process_id())
    return false; // a vfork child's: what happens there is not told
  Inside inside_now;
  refresh_modules();
  Guard guard(lock);
  if (!pending)
    return running;
  parent = std::uint32_t(system_call(SYS_getppid));
  int error = errno;
  bool good = perform({Job::open, Ending::exit, 1});
  errno = error;
  if (good && !forked)
    watch_endings();
  if (!good)
    lose();
  pending.store(false, std::memory_order_release);
  return good;
}

void Writer::set_thresholds(std::uint64_t block, std::uint64_t stall) noexcept {
  block_nanoseconds = block;
  stall_nanoseconds = stall;
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
      make_thread(true);
  }
  return seat ? &seat->ring : nullptr;
}

// Called when the thread's sight of free room is used up: looks again, and calls the drain when half the ring is full.
bool Writer::make_room(Ring &ring, unsigned units) noexcept {
  std::uint64_t head = ring.head.load(std::memory_order_relaxed);
  std::uint64_t tail = ring.tail.load(std::memory_order_acquire);
  if (head - tail >= Ring::capacity / 2) {
    if (has_thread.load(std::memory_order_relaxed)) {
      if (asleep.load(std::memory_order_relaxed)) // else each event of a full ring would dispute the word with the thread
        wake();
    } else if (depth_of_room == 0 && running && lock.try_lock()) { // a child that may make no threads empties it itself
      Inside inside_now;
      ++depth_of_room;
      perform({Job::drain});
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

// --- jobs ------------------------------------------------------------------------------------------------------------

// On the thread, which keeps the file open, or aside.
void Writer::do_job(bool keep_open) noexcept {
  auto work = [this, keep_open] {
    Inside inside_now;
    bool is_there = job.what != Job::open && opened_by_thread && opened_by_thread == opened;
    if (!is_there && opened_by_thread)
      system_call(SYS_close, std::exchange(file, -1));
    job.good = job.what == Job::open ? open(job.value != 0) : running && (is_there || open_again());
    if (job.good && job.what == Job::drain)
      job.value = std::uint32_t(std::min<std::uint64_t>(drain(false), 1u << 30));
    else if (job.good && job.what == Job::drain_all)
      drain(true);
    else if (job.good && job.what == Job::end) {
      drain(true);
      write_end(job.how, job.value);
      running = job.how == Ending::exec && running;
    }
    if (keep_open) {
      opened_by_thread = job.good ? opened : 0;
    } else {
      if (job.good)
        system_call(SYS_close, file);
      file = -1;
    }
  };
  if (keep_open)
    work();
  else
    aside(work);
}

bool Writer::perform(const Job &wanted, std::uint64_t nanoseconds) noexcept {
  if (process != process_id())
    return false;
  job = wanted;
  if (has_thread && !thread_gone)
    return hand_over(nanoseconds);
  do_job(false);
  return job.good;
}

bool Writer::hand_over(std::uint64_t nanoseconds) noexcept {
  constexpr std::uint64_t slice = 100'000'000;
  std::uint32_t before = served.load(std::memory_order_acquire);
  handed.store(true, std::memory_order_release);
  asleep.store(false, std::memory_order_relaxed);
  alarm.fetch_add(1, std::memory_order_release);
  futex_wake(alarm);
  for (std::uint64_t waited = 0; served.load(std::memory_order_acquire) == before; waited += slice) {
    if (waited >= nanoseconds)
      return false;
    futex_wait(served, before, slice);
  }
  return job.good;
}

void Writer::flush() noexcept {
  Inside inside_now;
  if (pending)
    return; // a child that did nothing
  refresh_modules();
  Guard guard(lock);
  if (running)
    perform({Job::drain_all});
}

// --- the end ---------------------------------------------------------------------------------------------------------

void Writer::finish(Ending how, std::uint32_t value) noexcept {
  if (!running && !pending && thread_gone) // a program that sandboxes itself may allow none of the calls below
    return;
  Inside inside_now;
  if (lock.is_mine() || process != process_id())
    return; // the drain itself died, or a child that came by clone(2): the file is not its own
  bool worth = pending && is_worth_a_file(how);
  if (running || worth)
    refresh_modules();
  if (how == Ending::stopped)
    lock.lock();
  else if (!lock.lock_within(2'000'000'000))
    return;
  if (how != Ending::exec)
    set_active(false);
  if (pending && worth) {
    parent = std::uint32_t(system_call(SYS_getppid));
    pending = !perform({Job::open, Ending::exit, 1});
    if (pending)
      lose();
  }
  if (how != Ending::exec)
    pending = false;
  if (running && !perform({Job::end, how, value}, longest_wait) && running)
    return; // the thread may be at it still: nobody else is to begin
  if (how != Ending::exec)
    running = false;
  lock.unlock();
  if (how == Ending::exec || how == Ending::signal)
    return;
  // The code may be unloaded after this: see the thread out, but do not hang if it was never to run again.
  for (int i = 0; i < 200 && !thread_gone.load(std::memory_order_acquire); ++i) {
    alarm.fetch_add(1, std::memory_order_release);
    futex_wake(alarm);
    pause_for(1'000'000);
  }
}

// A child that nothing happened to. What it did before it became another program is not told either: that are a few calls
// around each program that is started.
bool Writer::is_worth_a_file(Ending how) noexcept {
  if (how == Ending::exec && forked)
    return false;
  auto *matter = totals_matter.load(std::memory_order_acquire);
  return tables.any_reached.load(std::memory_order_relaxed) && tables.reach.used.load(std::memory_order_relaxed) &&
         (!matter || matter());
}

void Writer::die(Ending how, std::uint32_t value) noexcept {
  if (!running)
    return;
  Inside inside_now;
  if (process != process_id() || pending)
    return;
  bool mine = lock.is_mine();
  if (!mine && !lock.lock_within(1'000'000'000))
    return;
  if (running && !mine) {
    set_active(false);
    if (!perform({Job::end, how, value}, longest_wait) && running)
      return;
    running = false;
  }
  if (!mine)
    lock.unlock();
}

// --- fork ------------------------------------------------------------------------------------------------------------

void Writer::before_fork() noexcept {
  bool kept_off = keep_off_modules();
  lock.lock();
  modules_kept_off = kept_off;
  if (std::exchange(asked_to_wipe, true) == false) // writing zeros would copy each page that the parent has used
    wiped_in_child = tables.zero_totals_in_child();
}
void Writer::after_fork_in_parent() noexcept {
  bool kept_off = modules_kept_off;
  lock.unlock();
  let_modules_be_read(kept_off);
}

void Writer::after_fork_in_child() noexcept {
  lock.reset();
  reset_aside();
  reset_modules();
  bool was_on = running || pending;
  file = -1; // the parent's thread has it
  opened_by_thread = 0;
  handed = to_end = false;
  running = false;
  has_thread = false;
  thread_gone = true;
  not_before = 0;
  thread_wanted = false;
  asleep = false;
  process = process_id();
  forked = true;
  thread_after = grace ? now() + grace : 0;
  rings.abandon();
  if (!wiped_in_child)
    tables.zero_totals();
  pending.store(was_on && active.load(std::memory_order_relaxed), std::memory_order_release);
}

void Writer::forget() noexcept {
  pending = false;
  set_active(false);
}

} // namespace tenterhook::trace::detail
