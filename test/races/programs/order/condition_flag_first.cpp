// The flag is set before the data is written: the waiter may read too early.
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex mutex;
static std::condition_variable filled;
static bool full;
static int box;

int main() {
  std::thread producer([] {
    {
      std::lock_guard<std::mutex> lock(mutex);
      full = true;
    }
    filled.notify_one();
    box = 9; // RACE(box)
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    filled.wait(lock, [] { return full; });
  }
  int got = box; // RACE(box)
  producer.join();
  return got > 9;
}
