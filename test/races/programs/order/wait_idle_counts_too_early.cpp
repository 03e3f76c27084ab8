// The worker counts down before it writes the result, so main may find zero while the last write is still to come.
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
      {
        std::lock_guard<std::mutex> lock(mutex);
        if (--pending == 0)
          idle.notify_all();
      }
      results[i] = i + 1; // RACE(results)
    }
  });
  std::unique_lock<std::mutex> lock(mutex);
  idle.wait(lock, [] { return pending == 0; });
  lock.unlock();
  int last = results[2]; // RACE(results)
  worker.join();
  return last > 6;
}
