// A for-loop macro opens a locked block: no race inside.
#include <mutex>
#include <thread>

#define SYNCHRONIZED(mutex) for (std::unique_lock<std::mutex> lock_(mutex); lock_.owns_lock(); lock_.unlock())

static std::mutex mutex;
static int count;

static void add() {
  SYNCHRONIZED(mutex) { ++count; }
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
