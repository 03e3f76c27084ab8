// wait() gives the lock up and takes it again: the accesses before and after it are guarded all the same. No race.
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex mutex;
static std::condition_variable changed;
static int stage;

int main() {
  std::thread other([] {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [] { return stage == 1; });
    stage = 2;
    lock.unlock();
    changed.notify_all();
  });
  {
    std::unique_lock<std::mutex> lock(mutex);
    stage = 1;
    changed.notify_all();
    changed.wait(lock, [] { return stage == 2; });
    stage = 3;
  }
  other.join();
  return stage == 3 ? 0 : 1;
}
