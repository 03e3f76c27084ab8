// Thread arguments are copied: the function's reference parameter binds to the thread's own copy. No race.
#include <thread>

static int count(const int &start, int rounds) {
  int local = start;
  while (rounds-- > 0)
    ++local;
  return local;
}

int main() {
  int start = 5;
  std::thread thread(count, start, 100);
  start = 6;
  thread.join();
  return start == 6 ? 0 : 1;
}
