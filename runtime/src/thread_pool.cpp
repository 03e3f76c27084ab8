// The workers and the queues of thread_pool.h.
//
// Each worker has a queue of its own, a lane, for what it posts itself: it takes from there first, others steal from it,
// all from the front. One shared queue, under mutex_, has the rest. What keeps the order:
//  - A worker posts into its lane only while nothing is in the shared queue, so whatever lies there came after what lies in
//    lanes;
//  - so nothing is taken from the shared queue while a lane has something.
// Sleeping: who posts into a lane wakes a worker if one sleeps. A worker says that it sleeps (asleep_) and then looks into
// all lanes under their locks; so either it finds what was posted, or who posts sees it asleep. What lies alone in a lane
// is left to the lane's worker as long as that makes progress, since a theft costs more than a short piece of work: who
// finds such an item looks twice, and then watches: it sleeps for a fraction of a millisecond and looks again. A lane that
// is watched wakes nobody for one item.
// Posts wake a worker only if one sleeps that no other post is waking already, so a flood of them costs no system calls.
#include "thread_pool_lane.h"

#include <tenterhook/block_event.h>
#include <tenterhook/detail/test_window.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <new>
#include <pthread.h>
#include <stdexcept>
#include <unistd.h>

namespace tenterhook {

namespace detail {

constinit thread_local std::uint64_t current_work = 0;

void note_wait_on(std::uint64_t work, const std::source_location &place) noexcept {
  trace::emit(trace::Kind::wait_on, current_task() ? current_task() : current_work, place, std::uint32_t(work));
}

namespace {
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

namespace {
constexpr auto shortest_watch = std::chrono::microseconds(64), longest_watch = std::chrono::microseconds(256);
constexpr unsigned turns_between_looks = 64; // of a worker that has enough to do, at what others do not come to
} // namespace

constinit thread_local thread_pool::lane *thread_pool::lane::here = nullptr;

thread_pool::thread_pool(unsigned threads, const std::string &name) : owner_(::getpid()) {
  if (threads > most_threads)
    throw std::invalid_argument("thread_pool: a pool of " + std::to_string(threads) + " threads; give at most " +
                                std::to_string(most_threads) + ", or 0 for one a core");
  if (threads == 0)
    threads = std::max(1u, std::thread::hardware_concurrency());
  size_ = threads;
  lanes_ = std::make_unique<lane[]>(threads);
  for (unsigned index = 0; index != threads; ++index) {
    lanes_[index].pool = this;
    lanes_[index].index = index;
    lanes_[index].seen.assign(threads, ~std::uint64_t(0));
  }
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
  if (::getpid() != owner_) {
    leave_to_parent();
    return;
  }
  if (runs_here()) {
    std::fputs("tenterhook: a thread_pool is destroyed by one of its own workers, which cannot wait for itself; let another "
               "thread own the pool\n",
               stderr);
    std::terminate();
  }
  detail::block_event event("tenterhook::thread_pool::~thread_pool", place::current());
  end(false, event);
  while (notifying_.load(std::memory_order_acquire) != 0)
    std::this_thread::yield();
}

// In a forked process the workers do not exist, what they held stays locked, and what is queued is run by the parent's.
void thread_pool::leave_to_parent() noexcept {
  struct parents {
    std::vector<std::thread> workers; // neither to be joined nor detached
    work_list queue;
    std::unique_ptr<lane[]> lanes;
    parents *next;
  };
  static parents *left_alone = nullptr; // where leak detectors find them
  left_alone = new parents{std::move(workers_), std::move(queue_), std::move(lanes_), left_alone};
  // Their destructors wait for threads that sleep there.
  new (&wake_) std::condition_variable;
  new (&idle_changed_) std::condition_variable;
}

void thread_pool::post(work added) noexcept {
  added.submitted(id());
  if (lane *own = lane::here; own && own->pool == this && queued_.load(std::memory_order_relaxed) == 0) {
    post_here(*own, std::move(added));
    return;
  }
  std::unique_lock lock = detail::spin_then_lock(mutex_);
  if (phase_.load(std::memory_order_relaxed) == phase::closed) {
    lock.unlock(); // discarding may run continuations
    return;
  }
  queue_.push(std::move(added));
  queued_.store(queued_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  if (!signal_one())
    return;
  // After the unlock, which the woken worker would else wait for. The work may have ended by then, and who waited for
  // it may destroy the pool: that waits for `notifying_`.
  notifying_.fetch_add(1, std::memory_order_relaxed);
  lock.unlock();
  wake_.notify_one();
  notifying_.fetch_sub(1, std::memory_order_release);
}

// By the lane's worker, whose pool stays as long as it runs.
void thread_pool::post_here(lane &own, work added) noexcept {
  bool wake;
  {
    std::lock_guard guard(own.lock);
    if (phase_.load(std::memory_order_relaxed) == phase::closed)
      return; // stop() has emptied the lane. Discarded behind the guard
    bool alone = own.push(std::move(added)) == 1;
    wake = !alone || !own.watcher.load(std::memory_order_relaxed);
  }
  TENTERHOOK_TEST_WINDOW("thread_pool::post_here: pushed");
  if (!wake || asleep_.load(std::memory_order_relaxed) == 0)
    return;
  {
    std::unique_lock lock = detail::spin_then_lock(mutex_);
    wake = signal_one();
  }
  if (wake)
    wake_.notify_one();
}

// Under mutex_: whether a worker sleeps that nobody wakes yet. It is counted as woken then; the caller notifies.
bool thread_pool::signal_one() noexcept {
  if (idle_ <= signalled_)
    return false;
  ++signalled_;
  asleep_.store(idle_ - signalled_, std::memory_order_relaxed);
  return true;
}

void thread_pool::refuse_if_closed() const {
  std::lock_guard lock(mutex_);
  if (phase_.load(std::memory_order_relaxed) == phase::closed || (ending_.load(std::memory_order_relaxed) && !runs_here()))
    throw closed("thread_pool: work given to a pool that was shut down");
}

std::size_t thread_pool::queued() const {
  std::size_t all = queued_.load(std::memory_order_relaxed);
  for (unsigned index = 0; index != size_; ++index)
    all += lanes_[index].count.load(std::memory_order_relaxed);
  return all;
}

void thread_pool::work_on(unsigned index, const std::string &name) noexcept {
  std::string full = name + '-' + std::to_string(index);
  full.resize(std::min<std::size_t>(full.size(), 15)); // what pthread_setname_np takes
  pthread_setname_np(pthread_self(), full.c_str());
  executor_scope scope(*this);
  lane &own = lanes_[index];
  lane::here = &own;
  bool announced = false;

  while (work next = take(own)) {
    if (trace::active() && !announced) [[unlikely]] { // tracing may have begun after the thread
      announced = true;
      trace::name_thread(full.c_str());
      trace::set_role(trace::Role::worker);
      trace::emit_at(trace::Kind::worker_enter, id(), 0);
    }
    detail::current_work = next.get()->id;
    next.run();
    detail::current_work = 0;
  }
  if (announced)
    trace::emit_at(trace::Kind::worker_leave, id(), 0);
}

// The next piece of work; none when the pool is closed. Waits for it.
work thread_pool::take(lane &own) noexcept {
  if (own.count.load(std::memory_order_relaxed) != 0) {
    if (++own.turns % turns_between_looks == 0)
      if (work stuck = steal(own, look::stuck))
        return stuck;
    std::lock_guard guard(own.lock);
    if (!own.list.empty())
      return own.pop();
  }
  auto watch = shortest_watch;
  bool spun = false; // since it last had work, or was woken
  work next;
  std::unique_lock lock = detail::spin_then_lock(mutex_);
  for (;;) {
    if (queued_.load(std::memory_order_relaxed) != 0) {
      next = steal(own, look::any);
      if (!next)
        next = take_posted(own);
      break;
    }
    next = steal(own, look::settled);
    if (next)
      break;
    if (phase_.load(std::memory_order_relaxed) == phase::finishing && idle_ + 1 == alive_) {
      // The last that works finds nothing (its own lane is empty, as are those of all who sleep): nobody can add work any more.
      phase_.store(phase::closed, std::memory_order_relaxed);
      wake_.notify_all();
    }
    if (phase_.load(std::memory_order_relaxed) == phase::closed)
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
    asleep_.store(idle_ - signalled_, std::memory_order_relaxed);
    TENTERHOOK_TEST_WINDOW("thread_pool::take: before the last look");
    next = steal(own, look::last);
    if (!next) {
      TENTERHOOK_TEST_WINDOW("thread_pool::take: before sleeping");
      if (idle_ == alive_)
        idle_changed_.notify_all();
      if (own.watching) {
        spun = wake_.wait_for(lock, watch) == std::cv_status::timeout;
        watch = std::min(watch * 2, longest_watch);
      } else {
        wake_.wait(lock);
        spun = false;
      }
      if (signalled_ != 0)
        --signalled_;
    }
    --idle_;
    asleep_.store(idle_ - signalled_, std::memory_order_relaxed);
    if (next)
      break;
  }
  if (!next && --alive_ == idle_)
    idle_changed_.notify_all();
  // Another has to watch what it watched.
  if (own.watching && stop_watching(own) && signal_one())
    wake_.notify_one();
  return next;
}

// Under mutex_, with something in the shared queue. An only worker takes all into its lane, where nobody disputes it.
work thread_pool::take_posted(lane &own) noexcept {
  work next = queue_.pop();
  std::size_t rest = queued_.load(std::memory_order_relaxed) - 1;
  if (size_ == 1 && rest != 0) {
    std::lock_guard guard(own.lock);
    own.list.append(std::move(queue_));
    own.count.store(rest, std::memory_order_relaxed);
    rest = 0;
  }
  queued_.store(rest, std::memory_order_relaxed);
  return next;
}

// From the lanes of others. any: whatever is there. settled: not what lies alone where something was taken since this
// worker looked last. stuck: only where nothing was taken since. last: before sleeping; what lies alone is watched.
work thread_pool::steal(lane &own, look how) noexcept {
  bool watches = false;
  for (unsigned step = 1; step < size_; ++step) {
    unsigned index = own.index + step < size_ ? own.index + step : own.index + step - size_;
    lane &from = lanes_[index];
    if (how != look::last) {
      std::size_t count = from.count.load(std::memory_order_relaxed);
      if (count == 0)
        continue;
      std::uint64_t taken = from.taken.load(std::memory_order_relaxed);
      bool moves = std::exchange(own.seen[index], taken) != taken;
      if (moves && (how == look::stuck || (how == look::settled && count == 1)))
        continue;
    }
    std::lock_guard guard(from.lock);
    std::size_t count = from.count.load(std::memory_order_relaxed);
    if (how == look::last && count <= 1) {
      const lane *watcher = from.watcher.load(std::memory_order_relaxed);
      if (count == 1 && !watcher)
        from.watcher.store(watcher = &own, std::memory_order_relaxed);
      if (count == 0 && watcher == &own)
        from.watcher.store(watcher = nullptr, std::memory_order_relaxed);
      watches |= watcher == &own;
      own.watching |= watches;
      continue;
    }
    if (count != 0)
      return from.pop();
  }
  if (how == look::last)
    own.watching = watches;
  return {};
}

// Whether something lies in a lane that this worker watched.
bool thread_pool::stop_watching(lane &own) noexcept {
  bool left = false;
  for (unsigned index = 0; index != size_; ++index) {
    lane &from = lanes_[index];
    if (from.watcher.load(std::memory_order_relaxed) != &own)
      continue;
    std::lock_guard guard(from.lock);
    from.watcher.store(nullptr, std::memory_order_relaxed);
    left |= from.count.load(std::memory_order_relaxed) != 0;
  }
  own.watching = false;
  return left;
}

void thread_pool::wait_idle(place at) {
  if (runs_here())
    throw std::logic_error("thread_pool: wait_idle() on one of the pool's own workers, which is never idle while it waits");
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
    throw std::logic_error("thread_pool: shutdown() or stop() on one of the pool's own workers, which cannot wait for itself");
}

// What waits for something when the workers have gone is nobody's any more but the pool's.
void thread_pool::end(bool drop, detail::block_event &event) {
  ending_.store(true, std::memory_order_relaxed);
  work_list dropped; // discarded without the lock: that may run continuations
  {
    std::lock_guard lock(mutex_);
    if (phase_.load(std::memory_order_relaxed) == phase::open)
      phase_.store(phase::finishing, std::memory_order_relaxed);
    if (drop) {
      phase_.store(phase::closed, std::memory_order_relaxed);
      for (unsigned index = 0; index != size_; ++index) {
        std::lock_guard guard(lanes_[index].lock);
        dropped.append(std::move(lanes_[index].list));
        lanes_[index].count.store(0, std::memory_order_relaxed);
      }
      dropped.append(std::move(queue_));
      queued_.store(0, std::memory_order_relaxed);
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
  auto take_out = [&item](work_list &from) {
    bool found = from.contains(item);
    if (found)
      from.remove(item);
    return found;
  };
  bool found = false;
  {
    std::lock_guard lock(mutex_); // also: nothing goes from queue_ into a lane meanwhile
    if (take_out(queue_)) {
      queued_.store(queued_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
      found = true;
    }
    for (unsigned index = 0; index != size_ && !found; ++index) {
      lane &each = lanes_[index];
      std::lock_guard guard(each.lock);
      if (take_out(each.list)) {
        each.count.store(each.count.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
        found = true;
      }
    }
  }
  if (!found) // another worker is about to resume it
    executor::forget(item);
}

} // namespace tenterhook
