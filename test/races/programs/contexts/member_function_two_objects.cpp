// One member function in two threads, but on two objects: no race.
#include <thread>

struct Counter {
  int value = 0;
  void run() { value += 5; }
};

int main() {
  Counter first, second;
  std::thread a(&Counter::run, &first), b(&Counter::run, &second);
  a.join();
  b.join();
  return first.value + second.value == 10 ? 0 : 1;
}
