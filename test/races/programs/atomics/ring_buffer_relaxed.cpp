// The same ring, but the positions are relaxed: the slots are not passed on.
#include <atomic>
#include <thread>

static int slots[4];
static std::atomic<unsigned> tail{0};

static void push(int value) {
  unsigned at = tail.load(std::memory_order_relaxed);
  slots[at % 4] = value; // RACE(slots)
  tail.store(at + 1, std::memory_order_relaxed);
}

static int wait_for_first() {
  while (tail.load(std::memory_order_relaxed) == 0)
    std::this_thread::yield();
  return slots[0]; // RACE(slots)
}

int main() {
  int first = 0;
  std::thread consumer([&first] { first = wait_for_first(); });
  push(7);
  push(8);
  consumer.join();
  return first > 7;
}
