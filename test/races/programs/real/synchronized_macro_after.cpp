// The same macro, but the second statement stands behind its block.
#include <mutex>
#include <thread>

#define SYNCHRONIZED(mutex) for (std::unique_lock<std::mutex> lock_(mutex); lock_.owns_lock(); lock_.unlock())

static std::mutex mutex;
static int count, calls;

static void add() {
  SYNCHRONIZED(mutex) { ++count; }
  ++calls; // RACE(calls)
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count + calls > 4;
}
