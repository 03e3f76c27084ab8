// Calls that reach the system through inline functions of the standard library: their place is the program's line, also
// where the compiler inlined nothing (-O0). And callables that the library calls: their place stays their own.
#include "coroutines.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

Loop loop;
std::mutex plain, one, other;
std::recursive_mutex recursive;
std::timed_mutex timed;
std::shared_mutex shared;
std::condition_variable cond;
using std::chrono::milliseconds;

Task co_locks() {
  co_await loop.turn();
  for (int i = 0; i < 5; ++i) {
    plain.lock(); // reached pthread_mutex_lock 5
    plain.unlock();
    {
      std::lock_guard guard(plain); // reached pthread_mutex_lock 5
    }
    {
      std::unique_lock guard(recursive); // reached pthread_mutex_lock 5
    }
    {
      std::scoped_lock guard(one, other); // reached pthread_mutex_lock 5, reached pthread_mutex_trylock 5
    }
    {
      std::shared_lock guard(shared); // reached pthread_rwlock_rdlock 5
    }
    if (timed.try_lock_for(milliseconds(1))) timed.unlock(); // reached pthread_mutex_clocklock 5
  }
}

void in_a_function() {
  std::lock_guard guard(plain); // reached pthread_mutex_lock 3
  std::this_thread::sleep_for(milliseconds(1)); // reached nanosleep|clock_nanosleep 3, block nanosleep inside *
}
Task co_calls() {
  co_await loop.turn();
  for (int i = 0; i < 3; ++i) in_a_function();
}

Task co_waits() {
  co_await loop.turn();
  for (int i = 0; i < 2; ++i) {
    std::this_thread::sleep_for(milliseconds(1)); // reached nanosleep|clock_nanosleep 2, block nanosleep inside *
    std::unique_lock guard(plain);
    cond.wait_for(guard, milliseconds(2)); // reached pthread_cond_clockwait 2, block pthread_cond_clockwait inside *
  }
  std::this_thread::sleep_for(milliseconds(20)); // block nanosleep|clock_nanosleep inside 1
}

// Even where they are inlined into what calls them.
Task co_callables() {
  co_await loop.turn();
  std::function<void()> function = [] {
    plain.lock(); // reached pthread_mutex_lock 4
    plain.unlock();
  };
  for (int i = 0; i < 4; ++i) function();
  std::once_flag once;
  std::call_once(once, [] {
    std::this_thread::sleep_for(milliseconds(1)); // reached nanosleep|clock_nanosleep 1, block nanosleep inside *
  });
  std::thread([] {
    std::lock_guard guard(plain); // reached pthread_mutex_lock 1
  }).join(); // block pthread_join inside *
}

int main() {
  co_locks();
  co_calls();
  co_waits();
  co_callables();
  loop.run();
}
