// All writes of main are sequenced before the thread is created, so its read comes after them: no race.
#include <thread>

static int limit;

static int twice() { return limit * 2; }

int main() {
  limit = 1;
  limit += 20;
  int got = 0;
  std::thread reader([&got] { got = twice(); });
  reader.join();
  return got == 42 ? 0 : 1;
}
