// The same as before_creation, but the second write follows the creation: it races with the thread's read.
#include <thread>

static int limit;

static int twice() {
  return limit * 2; // RACE(limit)
}

int main() {
  limit = 1;
  int got = 0;
  std::thread reader([&got] { got = twice(); });
  limit += 20; // RACE(limit)
  reader.join();
  return got < 0;
}
