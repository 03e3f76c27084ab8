// The drain's thread: making it where that can do no harm, its turns, and ending it, for good or while the program counts its
// own.
#include "trace/aside.h"
#include "trace/own_threads.h"
#include "trace/share.h"
#include "trace/writer.h"

#include <linux/prctl.h>

namespace tenterhook::trace::detail {
namespace {

constexpr std::uint64_t idle_limit = 100'000'000, busy_pause = 5'000'000; // nanoseconds between two passes
constexpr std::uint64_t many = 256;                                       // records in a pass, of 16384 that find room

} // namespace

void Writer::make_thread(bool settled) noexcept {
  if ((!settled && now() < thread_after) || is_put_off())
    return;
  Inside inside_now;
  if (lock.is_mine()) // in a handler of pthread_atfork
    return;
  thread_wanted.store(false, std::memory_order_relaxed);
  if (!active.load(std::memory_order_relaxed) || !ready())
    return;
  Guard guard(lock);
  if (running && !has_thread && !is_put_off())
    start_thread();
  else if (is_put_off())
    thread_wanted.store(true, std::memory_order_relaxed);
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
    has_thread = !to_end; // the one of before takes over
    return;
  }
  thread_gone = false;
  has_thread = true;
  if (!create_own_thread([](void *self) -> void * { return thread_main(self); }, this, 0)) {
    thread_gone = true;
    has_thread = false; // make_room() drains then
  }
  if (has_thread) // so that it has the file open before the program goes elsewhere, or becomes somebody else
    perform({Job::drain});
}

void *Writer::thread_main(void *given) noexcept {
  auto &self = *static_cast<Writer *>(given);
  Inside inside_now;
  system_call(SYS_prctl, PR_SET_NAME, word("tenterhook"));
  bool own_table = leave_descriptors();
  self.thread_task = thread_id();
  self.opened_by_thread = 0;
  for (std::uint64_t pause = busy_pause;;) {
    std::uint32_t seen = self.alarm.load(std::memory_order_acquire);
    self.asleep.store(true, std::memory_order_release);
    if (!self.handed.load(std::memory_order_acquire) && !self.to_end)
      futex_wait(self.alarm, seen, pause);
    self.asleep.store(false, std::memory_order_relaxed);
    std::uint64_t records = 0;
    if (self.handed.load(std::memory_order_acquire)) { // under the lock of who waits for it
      self.do_job(own_table);
      self.handed.store(false, std::memory_order_release);
      self.served.fetch_add(1, std::memory_order_release);
      futex_wake(self.served);
    } else if (!self.to_end) {
      refresh_modules();
      if (!self.lock.try_lock())
        continue; // whoever has it may be about to hand over a job
      self.job = {Job::drain};
      self.do_job(own_table);
      records = self.job.value;
      if (!self.running)
        self.has_thread = false;
      self.lock.unlock();
    }
    if (self.to_end || !self.has_thread) {
      if (self.file >= 0 && self.opened_by_thread)
        system_call(SYS_close, self.file);
      self.file = -1;
      self.opened_by_thread = 0;
      self.to_end = false;
      end_own_thread();
      self.thread_gone.store(true, std::memory_order_release);
      return nullptr;
    }
    pause = records > many ? busy_pause : records ? 4 * busy_pause : pause * 2 < idle_limit ? pause * 2 : idle_limit;
  }
}

bool Writer::put_off_thread() noexcept {
  constexpr std::uint64_t moment = 100'000'000; // to look, and to look again
  Inside inside_now;
  if (lock.is_mine() || process != process_id())
    return false;
  not_before.store(read_clocks().monotonic + moment, std::memory_order_relaxed);
  if (has_thread || !thread_gone)
    end_thread();
  return true;
}

bool Writer::is_put_off() const noexcept {
  std::uint64_t until = not_before.load(std::memory_order_relaxed);
  return until != 0 && read_clocks().monotonic < until;
}

void Writer::end_thread() noexcept {
  {
    Guard guard(lock);
    if (has_thread && !thread_gone) {
      has_thread = false;
      to_end = true;
    }
    thread_wanted.store(true, std::memory_order_relaxed); // later
  }
  for (int i = 0; i < 10'000 && !thread_gone.load(std::memory_order_acquire); ++i) {
    alarm.fetch_add(1, std::memory_order_release);
    futex_wake(alarm);
    pause_for(100'000);
  }
  if (thread_gone)
    wait_for_end(thread_task);
}

} // namespace tenterhook::trace::detail
