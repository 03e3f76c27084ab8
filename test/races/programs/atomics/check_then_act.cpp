// Load, test, store: the decision may be stale, but each access is atomic. It is no data race.
#include <atomic>
#include <thread>

static std::atomic<int> seats{1};

static void book() {
  if (seats.load() > 0)
    seats.store(seats.load() - 1);
}

int main() {
  std::thread a(book), b(book);
  a.join();
  b.join();
  return seats > 1;
}
