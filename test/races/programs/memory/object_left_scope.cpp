// The detached thread uses main's helper's local; its destructor writes it when the helper returns.
#include <chrono>
#include <thread>

struct Counter {
  int value = 0;
  ~Counter() {
    value = -1; // RACE(value)
  }
};

static void start() {
  Counter counter;
  std::thread([&counter] {
    counter.value++; // RACE(value)
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

int main() {
  start();
  return 0;
}
