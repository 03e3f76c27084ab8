// Testing and setting are two steps: both threads may run the set-up.
#include <atomic>
#include <chrono>
#include <thread>

static std::atomic<bool> done{false};
static int setups;

static void set_up() {
  if (done.load())
    return;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ++setups; // RACE(setups)
  done.store(true);
}

int main() {
  std::thread a(set_up), b(set_up);
  a.join();
  b.join();
  return setups > 2;
}
