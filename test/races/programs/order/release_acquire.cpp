// The flag is stored with release and read with acquire until it is set: the data is published, no race.
#include <atomic>
#include <thread>

static int data;
static std::atomic<bool> ready{false};

int main() {
  std::thread producer([] {
    data = 42;
    ready.store(true, std::memory_order_release);
  });
  while (!ready.load(std::memory_order_acquire))
    std::this_thread::yield();
  int got = data;
  producer.join();
  return got == 42 ? 0 : 1;
}
