// The read is in the branch where the flag was seen with acquire, otherwise nothing is read: no race.
#include <atomic>
#include <thread>

static int data;
static std::atomic<bool> ready{false};

int main() {
  int got = 0;
  std::thread producer([] {
    data = 42;
    ready = true;
  });
  std::thread consumer([&got] {
    if (ready)
      got = data;
  });
  producer.join();
  consumer.join();
  return got == 0 || got == 42 ? 0 : 1;
}
