// Threads that sleep, wait and join: that is what they are for.
// verdict: none
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unistd.h>

static std::mutex mutex;
static std::condition_variable arrived;
static bool here;

int main() {
  std::thread producer([] {
    usleep(100'000);
    std::lock_guard guard(mutex);
    here = true;
    arrived.notify_one();
  });
  {
    std::unique_lock lock(mutex);
    arrived.wait(lock, [] { return here; });
  }
  producer.join();
}
