// std::mem_fn and std::ref bring both threads to one object.
#include <functional>
#include <thread>

struct Counter {
  int value = 0;
  void run() {
    value += 5; // RACE(value)
  }
};

int main() {
  Counter counter;
  std::thread a(std::mem_fn(&Counter::run), std::ref(counter));
  std::thread b(&Counter::run, std::ref(counter));
  a.join();
  b.join();
  return counter.value > 10;
}
