// The initialisation of a function's static is safe, but counting in it is not.
#include <thread>

static int next_id() {
  static int last = 100;
  return ++last; // RACE(last)
}

int main() {
  std::thread first([] { next_id(); });
  std::thread second([] { next_id(); });
  first.join();
  second.join();
  return next_id() < 101;
}
