// The second part of the data is written after the flag was set.
#include <atomic>
#include <thread>

struct Message {
  int head = 0, body = 0;
};

static Message message;
static std::atomic<bool> ready{false};

int main() {
  std::thread producer([] {
    message.head = 1;
    ready.store(true, std::memory_order_release);
    message.body = 2; // RACE(body)
  });
  while (!ready.load(std::memory_order_acquire))
    std::this_thread::yield();
  int sum = message.head + message.body; // RACE(body)
  producer.join();
  return sum < 1;
}
