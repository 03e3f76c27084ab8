// The consumer waits until the flag is set, under the lock under which it is set; the data is read after that: no race.
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex mutex;
static std::condition_variable filled;
static bool full;
static int box;

int main() {
  std::thread producer([] {
    box = 9;
    {
      std::lock_guard<std::mutex> lock(mutex);
      full = true;
    }
    filled.notify_one();
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    filled.wait(lock, [] { return full; });
  }
  int got = box;
  producer.join();
  return got == 9 ? 0 : 1;
}
