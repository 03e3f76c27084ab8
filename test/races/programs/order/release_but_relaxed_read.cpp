// The store is a release, but no load acquires.
#include <atomic>
#include <thread>

static int data;
static std::atomic<int> state{0};

int main() {
  std::thread producer([] {
    data = 42; // RACE(data)
    state.store(1, std::memory_order_release);
  });
  while (state.load(std::memory_order_relaxed) != 1)
    std::this_thread::yield();
  int got = data; // RACE(data)
  producer.join();
  return got > 42;
}
