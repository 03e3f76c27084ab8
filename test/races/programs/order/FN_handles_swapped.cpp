// The two handles are swapped, so joining `writer` joins the other thread.
#include <thread>
#include <utility>

static int value;

int main() {
  std::thread writer([] {
    value = 1; // RACE(value)
  });
  std::thread idle([] {});
  std::swap(writer, idle);
  writer.join();
  value++; // RACE(value)
  idle.join();
  return 0;
}
