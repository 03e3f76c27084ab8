// A spin lock by compare_exchange, with the std's guard over it: no race.
#include <atomic>
#include <mutex>
#include <thread>

struct Spin {
  std::atomic<int> owner{0};
  void lock() {
    int nobody = 0;
    while (!owner.compare_exchange_weak(nobody, 1)) {
      nobody = 0;
      std::this_thread::yield();
    }
  }
  void unlock() { owner = 0; }
};

static Spin spin;
static int count;

static void add() {
  std::lock_guard<Spin> lock(spin);
  ++count;
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
