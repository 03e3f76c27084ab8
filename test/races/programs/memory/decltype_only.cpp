// decltype and noexcept do not evaluate their operand: no race.
#include <thread>
#include <type_traits>

static int value;

int main() {
  std::thread thread([] { value = 5; });
  decltype(value) mine = 3;
  static_assert(noexcept(value + 1));
  thread.join();
  return mine == 3 ? 0 : 1;
}
