// wait_for may end by its timeout; its result is not looked at, and the data is read all the same.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex mutex;
static std::condition_variable filled;
static bool full;
static int box;

int main() {
  std::thread producer([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    box = 9; // RACE(box)
    std::lock_guard<std::mutex> lock(mutex);
    full = true;
    filled.notify_one();
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    filled.wait_for(lock, std::chrono::milliseconds(5), [] { return full; });
  }
  int got = box; // RACE(box)
  producer.join();
  return got > 9;
}
