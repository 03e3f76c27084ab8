// The read is in the branch where the flag was *not* seen: nothing orders it.
#include <atomic>
#include <chrono>
#include <thread>

static int data;
static std::atomic<bool> ready{false};

int main() {
  int got = 0;
  std::thread consumer([&got] {
    if (!ready.load(std::memory_order_acquire))
      got = data; // RACE(data)
  });
  std::thread producer([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    data = 42; // RACE(data)
    ready.store(true, std::memory_order_release);
  });
  producer.join();
  consumer.join();
  return got > 42;
}
