// The workers and the queue of thread_pool.h.
//
// One queue under one lock, which is held for a few instructions: a worker that ends one item takes the next under the
// same lock, and a post wakes a worker only if one sleeps that no other post is waking already, so a flood of posts
// costs no system calls. Both sides spin briefly for the lock before they sleep for it.
#include <tenterhook/thread_pool.h>

#include <tenterhook/block_event.h>

#include <algorithm>
#include <cstdio>
#include <pthread.h>

namespace tenterhook {

namespace detail {

constinit thread_local std::uint64_t current_work = 0;

void note_wait_on(std::uint64_t work, const std::source_location &place) noexcept {
  trace::emit(trace::Kind::wait_on, current_task() ? current_task() : current_work, place, std::uint32_t(work));
}

namespace {
void pause_briefly() noexcept {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

std::unique_lock<std::mutex> spin_then_lock(std::mutex &mutex) noexcept {
  for (unsigned tries = 0; tries != 64; ++tries) {
    if (std::unique_lock lock(mutex, std::try_to_lock); lock)
      return lock;
    pause_briefly();
  }
  return std::unique_lock(mutex);
}

// A fraction of a microsecond: enough for the next of a flood of posts. Longer pays only while cores are idle; where
// they are not, whoever waits for a result gets the processor later by it. On one core nobody could add work meanwhile.
const unsigned spins_before_sleep = std::thread::hardware_concurrency() > 1 ? 10 : 0;
} // namespace
} // namespace detail

thread_pool::thread_pool(unsigned threads, std::string name) {
  if (threads == 0)
    threads = std::max(1u, std::thread::hardware_concurrency());
  workers_.reserve(threads);
  spawned = &tasks_;
  try {
    for (unsigned index = 0; index != threads; ++index) {
      {
        std::lock_guard lock(mutex_);
        ++alive_;
      }
      try {
        workers_.emplace_back([this, index, name] { work_on(index, name); });
      } catch (...) {
        std::lock_guard lock(mutex_);
        --alive_;
        throw;
      }
    }
  } catch (...) {
    detail::block_event event("tenterhook::thread_pool::thread_pool", place::current());
    end(true, event);
    throw;
  }
}

thread_pool::~thread_pool() {
  if (runs_here()) {
    std::fputs(
        "tenterhook: a thread_pool is destroyed by one of its own workers, which cannot wait for itself; let another "
        "thread own the pool\n",
        stderr);
    std::terminate();
  }
  detail::block_event event("tenterhook::thread_pool::~thread_pool", place::current());
  end(false, event);
  while (notifying_.load(std::memory_order_acquire) != 0)
    std::this_thread::yield();
}

void thread_pool::post(work added) noexcept {
  added.submitted(id());
  std::unique_lock lock = detail::spin_then_lock(mutex_);
  if (phase_ == phase::closed) {
    lock.unlock(); // discarding may run continuations
    return;
  }
  queue_.push(std::move(added));
  queued_.store(queued_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  bool wake = idle_ > signalled_;
  if (wake)
    ++signalled_;
  if (!wake)
    return;
  // After the unlock, which the woken worker would else wait for. The work may have ended by then, and who waited for
  // it may destroy the pool: that waits for `notifying_`.
  notifying_.fetch_add(1, std::memory_order_relaxed);
  lock.unlock();
  wake_.notify_one();
  notifying_.fetch_sub(1, std::memory_order_release);
}

void thread_pool::refuse_if_closed() const {
  std::lock_guard lock(mutex_);
  if (phase_ == phase::closed || (ending_.load(std::memory_order_relaxed) && !runs_here()))
    throw closed("thread_pool: work given to a pool that was shut down");
}

std::size_t thread_pool::queued() const { return queued_.load(std::memory_order_relaxed); }

void thread_pool::work_on(unsigned index, const std::string &name) noexcept {
  std::string full = name + '-' + std::to_string(index);
  full.resize(std::min<std::size_t>(full.size(), 15)); // what pthread_setname_np takes
  pthread_setname_np(pthread_self(), full.c_str());
  executor_scope scope(*this);
  bool announced = false;
  bool spun = false; // since it last had work

  std::unique_lock lock(mutex_);
  for (;;) {
    if (!queue_.empty()) {
      work next = queue_.pop();
      queued_.store(queued_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
      spun = false;
      lock.unlock();
      if (trace::active() && !announced) [[unlikely]] { // tracing may have begun after the thread
        announced = true;
        trace::name_thread(full.c_str());
        trace::set_role(trace::Role::worker);
        trace::emit_at(trace::Kind::worker_enter, id(), 0);
      }
      detail::current_work = next.get()->id;
      next.run();
      detail::current_work = 0;
      lock = detail::spin_then_lock(mutex_);
      continue;
    }
    if (phase_ != phase::open && idle_ + 1 == alive_) {
      // The last that works finds nothing: nobody can add work any more.
      phase_ = phase::closed;
      wake_.notify_all();
    }
    if (phase_ == phase::closed)
      break;
    if (!spun && !spinning_) {
      spun = spinning_ = true;
      lock.unlock();
      for (unsigned i = 0; i != detail::spins_before_sleep && queued_.load(std::memory_order_relaxed) == 0; ++i)
        detail::pause_briefly();
      lock.lock();
      spinning_ = false;
      continue;
    }
    ++idle_;
    if (idle_ == alive_)
      idle_changed_.notify_all();
    wake_.wait(lock);
    --idle_;
    if (signalled_ != 0)
      --signalled_;
  }
  --alive_;
  if (alive_ == idle_)
    idle_changed_.notify_all();
  lock.unlock();
  if (announced)
    trace::emit_at(trace::Kind::worker_leave, id(), 0);
}

void thread_pool::wait_idle(place at) {
  if (runs_here())
    throw std::logic_error(
        "thread_pool: wait_idle() on one of the pool's own workers, which is never idle while it waits");
  detail::block_event event("tenterhook::thread_pool::wait_idle", at);
  wait_until_idle(event);
}

void thread_pool::wait_until_idle(detail::block_event &event) {
  std::unique_lock lock(mutex_);
  while (!queue_.empty() || idle_ != alive_) {
    event.waiting();
    idle_changed_.wait(lock);
  }
}

void thread_pool::shutdown(place at) {
  refuse_on_workers();
  detail::block_event event("tenterhook::thread_pool::shutdown", at);
  ending_.store(true, std::memory_order_relaxed);
  wait_until_idle(event);
  tasks_.request_stop(true);
  tasks_.wait_until_empty(event);
  end(false, event);
}

void thread_pool::stop(place at) {
  refuse_on_workers();
  stopping_.request_stop();
  tasks_.request_stop(true);
  detail::block_event event("tenterhook::thread_pool::stop", at);
  end(true, event);
}

void thread_pool::refuse_on_workers() const {
  if (runs_here())
    throw std::logic_error(
        "thread_pool: shutdown() or stop() on one of the pool's own workers, which cannot wait for itself");
}

// What waits for something when the workers have gone is nobody's any more but the pool's.
void thread_pool::end(bool drop, detail::block_event &event) {
  ending_.store(true, std::memory_order_relaxed);
  work_list dropped; // discarded without the lock: that may run continuations
  {
    std::lock_guard lock(mutex_);
    if (phase_ == phase::open)
      phase_ = phase::finishing;
    if (drop) {
      phase_ = phase::closed;
      dropped = std::move(queue_);
      queued_ = 0;
    }
    wake_.notify_all();
  }
  dropped = work_list();
  {
    std::lock_guard joins(joining_);
    for (std::thread &worker : workers_)
      if (worker.joinable()) {
        event.waiting();
        worker.join();
      }
  }
  executor_scope as_a_worker(*this); // where a task that waits may be destroyed
  tasks_.abandon_all();
}

void thread_pool::forget(work_item &item) noexcept {
  bool found = false;
  {
    std::lock_guard lock(mutex_);
    work_list kept;
    while (!queue_.empty()) {
      work each = queue_.pop();
      if (each.get() == &item) {
        (void)each.release();
        found = true;
        --queued_;
      } else {
        kept.push(std::move(each));
      }
    }
    queue_ = std::move(kept);
  }
  if (!found) // another worker is about to resume it
    executor::forget(item);
}

} // namespace tenterhook
