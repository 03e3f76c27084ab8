// main holds the lock over the child's whole life, so the child, which does not lock, excludes the third thread: no race.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

int main() {
  std::thread other([] {
    std::lock_guard<std::mutex> lock(mutex);
    ++count;
  });
  {
    std::lock_guard<std::mutex> lock(mutex);
    std::thread child([] { ++count; });
    child.join();
  }
  other.join();
  return count == 2 ? 0 : 1;
}
