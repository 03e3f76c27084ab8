// main writes between the creations of two threads that both read it: the first one races.
#include <thread>

static int mode;

static int ask() {
  return mode; // RACE(mode)
}

int main() {
  int a = 0, b = 0;
  std::thread first([&a] { a = ask(); });
  mode = 3; // RACE(mode)
  std::thread second([&b] { b = ask(); });
  first.join();
  second.join();
  return a + b > 6;
}
