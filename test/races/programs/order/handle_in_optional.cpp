// The thread is held by an optional; emplaced, but joined only after the access.
#include <optional>
#include <thread>

static int value;

int main() {
  std::optional<std::thread> thread;
  thread.emplace([] {
    value = 4; // RACE(value)
  });
  value++; // RACE(value)
  thread->join();
  return 0;
}
