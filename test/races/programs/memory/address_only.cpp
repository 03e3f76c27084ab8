// main takes the address of the variable and its size, but does not read it: no race.
#include <cstddef>
#include <thread>

static long value;

int main() {
  std::thread thread([] { value = 5; });
  const long *where = &value;
  std::size_t size = sizeof(value);
  bool same = where == &value;
  thread.join();
  return same && size > 0 ? 0 : 1;
}
