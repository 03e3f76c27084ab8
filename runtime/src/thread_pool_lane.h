// The queue of a worker of a thread_pool, for what it posts itself, and its lock. thread_pool.cpp says who takes what
// from it.
#ifndef TENTERHOOK_SRC_THREAD_POOL_LANE_H
#define TENTERHOOK_SRC_THREAD_POOL_LANE_H

#include <tenterhook/thread_pool.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace tenterhook {

namespace detail {

inline void pause_briefly() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// For a few instructions: std::mutex takes two locked ones. Who meets a holder that lost its processor sleeps.
class brief_lock {
public:
  void lock() noexcept {
    for (unsigned tries = 0; held_.exchange(true, std::memory_order_acquire); ++tries)
      if (tries < 64)
        pause_briefly();
      else
        std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  void unlock() noexcept { held_.store(false, std::memory_order_release); }

private:
  std::atomic<bool> held_{false};
};
} // namespace detail

struct alignas(64) thread_pool::lane {
  // Guarded by the lock; pushed by the worker alone. The counts are looked at without it.
  detail::brief_lock lock;
  std::atomic<const lane *> watcher{nullptr}; // whose worker watches this lane
  work_list list;
  std::atomic<std::size_t> count{0};
  std::atomic<std::uint64_t> taken{0}; // how many were taken so far
  // The worker's alone.
  thread_pool *pool = nullptr;
  unsigned index = 0, turns = 0;
  bool watching = false;             // is the watcher of some lane
  std::vector<std::uint64_t> seen{}; // of each lane: taken, when it was looked at last

  work pop() noexcept { // of a lane that is not empty
    count.store(count.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    taken.store(taken.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return list.pop();
  }
  std::size_t push(work added) noexcept {
    list.push(std::move(added));
    std::size_t now = count.load(std::memory_order_relaxed) + 1;
    count.store(now, std::memory_order_relaxed);
    return now;
  }

  static constinit thread_local lane *here; // of the worker that this thread is
};

} // namespace tenterhook

#endif
