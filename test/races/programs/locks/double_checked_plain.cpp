// Double-checked locking with a plain pointer: the first look is unguarded.
#include <mutex>
#include <thread>

struct Table {
  int size = 8;
};

static std::mutex mutex;
static Table *table;

static Table *get() {
  if (table == nullptr) { // RACE(table)
    std::lock_guard<std::mutex> lock(mutex);
    if (table == nullptr)
      table = new Table; // RACE(table)
  }
  return table; // RACE(table)
}

int main() {
  std::thread a([] { get(); });
  std::thread b([] { get(); });
  a.join();
  b.join();
  delete table;
  return 0;
}
