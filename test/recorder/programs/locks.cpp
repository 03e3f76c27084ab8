// Locks in coroutines of an own loop: held at a wait, unlocked by another thread, in two orders. And locks that are
// not.
#include "coroutines.h"

#include <atomic>
#include <mutex>
#include <poll.h>
#include <sched.h>
#include <shared_mutex>
#include <thread>

Loop loop;
std::mutex across, within, polled, hopping, first, second, gate, third, fourth;
std::shared_mutex shared;

Task co_across() {
  for (int i = 0; i < 3; ++i) {
    across.lock(); // held 3
    co_await loop.turn();
    across.unlock();
    co_await loop.turn();
  }
}
Task co_shared() {
  for (int i = 0; i < 2; ++i) {
    std::shared_lock guard(shared); // held 2
    co_await loop.turn();
  }
}
// A lock taken in a function that the coroutine calls, not in its body.
struct Guard {
  [[gnu::noinline]] explicit Guard(std::mutex &mutex) : mutex_(mutex) {
    mutex_.lock(); // held 2
  }
  ~Guard() { mutex_.unlock(); }
  std::mutex &mutex_;
};
std::mutex helped;
Task co_helped() {
  for (int i = 0; i < 2; ++i) {
    Guard guard(helped);
    co_await loop.turn();
  }
}

Task co_within() {
  for (int i = 0; i < 50; ++i) {
    {
      std::lock_guard guard(within); // never
    }
    co_await loop.turn();
  }
}
// It waits itself while it holds the lock: a call that blocks, no lock across an await.
Task co_polls() {
  co_await loop.turn();
  {
    std::lock_guard guard(polled); // never
    poll(nullptr, 0, 25);          // block poll inside 1
  }
  co_await loop.turn();
}

struct Hop {
  std::thread &thread;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    thread = std::thread([handle] { handle.resume(); });
  }
  void await_resume() {}
};
std::thread hopped;
std::atomic<bool> has_hopped = false;
Task co_hops() {
  hopping.lock();
  co_await Hop{hopped};
  hopping.unlock(); // foreign 1
  has_hopped = true;
}

[[gnu::noinline]] void one_then_other(std::mutex &one, std::mutex &other) {
  one.lock();   // order 2 plain
  other.lock(); // order 4 plain, order 2 gated
  other.unlock();
  one.unlock();
}
Task co_orders() {
  co_await loop.turn();
  one_then_other(first, second);
  std::thread([] { one_then_other(second, first); }).join(); // block pthread_join inside *
  {
    std::lock_guard guard(gate);
    one_then_other(third, fourth);
  }
  std::thread([] {
    std::lock_guard guard(gate);
    one_then_other(fourth, third);
  }).join(); // block pthread_join inside *
}

int main() {
  co_hops();
  while (!has_hopped) sched_yield(); // to wait here would be a wait with the lock held
  hopped.join();
  co_across();
  co_shared();
  co_helped();
  co_within();
  co_polls();
  loop.run();
  co_orders(); // while nobody else holds a lock
  loop.run();
}
