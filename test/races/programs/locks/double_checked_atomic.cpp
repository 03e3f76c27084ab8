// Double-checked locking with an atomic pointer, acquire and release: no race.
#include <atomic>
#include <mutex>
#include <thread>

struct Table {
  int size = 8;
};

static std::mutex mutex;
static std::atomic<Table *> table;

static int size() {
  Table *seen = table.load(std::memory_order_acquire);
  if (seen == nullptr) {
    std::lock_guard<std::mutex> lock(mutex);
    seen = table.load(std::memory_order_relaxed);
    if (seen == nullptr) {
      seen = new Table;
      table.store(seen, std::memory_order_release);
    }
  }
  return seen->size;
}

int main() {
  int a = 0, b = 0;
  std::thread first([&a] { a = size(); });
  std::thread second([&b] { b = size(); });
  first.join();
  second.join();
  delete table.load();
  return a == b ? 0 : 1;
}
