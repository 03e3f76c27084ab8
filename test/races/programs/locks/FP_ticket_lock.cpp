// A ticket lock: who has drawn the number that is served goes on; serving it further is a release. No race.
#include <atomic>
#include <thread>

class Ticket {
public:
  void enter() {
    const unsigned mine = next_.fetch_add(1);
    while (serving_.load(std::memory_order_acquire) != mine)
      std::this_thread::yield();
  }
  void leave() { serving_.store(serving_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

private:
  std::atomic<unsigned> next_{0}, serving_{0};
};

static Ticket door;
static int count;

static void add() {
  door.enter();
  ++count;
  door.leave();
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
