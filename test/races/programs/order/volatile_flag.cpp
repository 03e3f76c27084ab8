// volatile is a plain variable: the flag itself races, and it publishes nothing.
#include <chrono>
#include <thread>

static volatile bool ready;
static int data;

int main() {
  std::thread producer([] {
    data = 42;    // RACE(data)
    ready = true; // RACE(ready)
  });
  for (int i = 0; i < 1000 && !ready; ++i) // RACE(ready)
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  int got = data; // RACE(data)
  producer.join();
  return got > 42;
}
