// A unique_lock that waits some time only, and is used as if it were held afterwards.
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

static std::timed_mutex mutex;
static int count;
static std::atomic<bool> held{false};

int main() {
  std::thread holder([] {
    std::lock_guard<std::timed_mutex> lock(mutex);
    held = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(80));
    ++count; // RACE(count)
  });
  while (!held)
    std::this_thread::yield();
  {
    std::unique_lock<std::timed_mutex> lock(mutex, std::chrono::milliseconds(5));
    ++count; // RACE(count)
  }
  holder.join();
  return count > 2;
}
