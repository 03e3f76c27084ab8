// Each thread makes its own mutex on the heap.
#include <memory>
#include <mutex>
#include <thread>

static int count;

static void add() {
  auto mutex = std::make_unique<std::mutex>();
  std::lock_guard<std::mutex> lock(*mutex);
  ++count; // RACE(count)
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 2;
}
