// try_to_lock may fail, and the access happens all the same.
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;
static std::atomic<bool> held{false};

int main() {
  std::thread holder([] {
    std::lock_guard<std::mutex> lock(mutex);
    held = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ++count; // RACE(count)
  });
  while (!held)
    std::this_thread::yield();
  {
    std::unique_lock<std::mutex> lock(mutex, std::try_to_lock);
    ++count; // RACE(count)
  }
  holder.join();
  return count > 2;
}
