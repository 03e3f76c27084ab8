// Without the option, a lock is not reported; what else blocks is.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <mutex>
#include <pthread.h>
#include <thread>

int counter;
std::mutex mutex;
task<> locks(pthread_mutex_t *p) {
  {
    std::lock_guard lock(mutex);
    ++counter;
  }
  pthread_mutex_lock(p);
  pthread_mutex_unlock(p);
  std::unique_lock deferred(mutex, std::defer_lock);
  deferred.lock();
  deferred.unlock();
  std::this_thread::sleep_for(std::chrono::seconds(1)); // finding: blocking-call-in-coroutine
  co_await tick();
}
