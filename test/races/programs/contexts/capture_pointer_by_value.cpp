// The pointer is captured by value, but what it points to is one for both.
#include <thread>

int main() {
  int n = 1;
  int *where = &n;
  std::thread thread([where] {
    *where += 10; // RACE(n)
  });
  n += 100; // RACE(n)
  thread.join();
  return n < 101;
}
