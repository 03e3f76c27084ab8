// The thread is held by a unique_ptr, and joined through it: no race.
#include <memory>
#include <thread>

static int value;

int main() {
  auto thread = std::make_unique<std::thread>([] { value = 4; });
  thread->join();
  thread.reset();
  value++;
  return value == 5 ? 0 : 1;
}
