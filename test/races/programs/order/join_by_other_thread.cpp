// Another thread joins the writer, and main joins that thread: the end of the writer is passed on, no race.
#include <thread>

static int value;

int main() {
  std::thread writer([] { value = 2; });
  std::thread waiter([&writer] { writer.join(); });
  waiter.join();
  value++;
  return value == 3 ? 0 : 1;
}
