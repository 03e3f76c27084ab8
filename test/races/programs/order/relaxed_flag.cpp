// The flag is atomic, but relaxed: it does not publish the data.
#include <atomic>
#include <thread>

static int data;
static std::atomic<bool> ready{false};

int main() {
  std::thread producer([] {
    data = 42; // RACE(data)
    ready.store(true, std::memory_order_relaxed);
  });
  while (!ready.load(std::memory_order_relaxed))
    std::this_thread::yield();
  int got = data; // RACE(data)
  producer.join();
  return got > 42;
}
