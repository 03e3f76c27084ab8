// The worker counts down under the lock after each job; main waits for zero before it reads the results: no race.
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex mutex;
static std::condition_variable idle;
static int pending = 3;
static int results[3];

int main() {
  std::thread worker([] {
    for (int i = 0; i < 3; ++i) {
      results[i] = i + 1;
      std::lock_guard<std::mutex> lock(mutex);
      if (--pending == 0)
        idle.notify_all();
    }
  });
  std::unique_lock<std::mutex> lock(mutex);
  idle.wait(lock, [] { return pending == 0; });
  lock.unlock();
  int sum = results[0] + results[1] + results[2];
  worker.join();
  return sum == 6 ? 0 : 1;
}
