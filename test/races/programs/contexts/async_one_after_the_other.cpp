// The second task is started with the result of the first: no race.
#include <future>

static int sum;

static int add(int n) {
  sum += n;
  return sum;
}

int main() {
  int first = std::async(std::launch::async, add, 1).get();
  int second = std::async(std::launch::async, add, first).get();
  return second == 2 ? 0 : 1;
}
