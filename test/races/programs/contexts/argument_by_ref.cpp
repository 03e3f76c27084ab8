// std::ref gives the variable itself.
#include <functional>
#include <thread>

static void count(int &at, int rounds) {
  while (rounds-- > 0)
    ++at; // RACE(start)
}

int main() {
  int start = 5;
  std::thread thread(count, std::ref(start), 100);
  start = 6; // RACE(start)
  thread.join();
  return start < 5;
}
