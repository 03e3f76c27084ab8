// The closure has its own copy, though the lambda is mutable and both change "n": no race.
#include <thread>

int main() {
  int n = 1;
  std::thread thread([n]() mutable {
    n += 10;
    return n;
  });
  n += 100;
  thread.join();
  return n == 101 ? 0 : 1;
}
