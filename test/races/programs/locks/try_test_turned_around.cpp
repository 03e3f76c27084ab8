// The test is turned around: the access happens where the lock was not got.
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
  if (!mutex.try_lock())
    ++count; // RACE(count)
  else
    mutex.unlock();
  holder.join();
  return count > 2;
}
