// main holds the lock while it creates the child, but gives it up before the child is joined.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

int main() {
  std::thread other([] {
    std::lock_guard<std::mutex> lock(mutex);
    ++count; // RACE(count)
  });
  std::thread child;
  {
    std::lock_guard<std::mutex> lock(mutex);
    child = std::thread([] {
      ++count; // RACE(count)
    });
  }
  child.join();
  other.join();
  return count > 2;
}
