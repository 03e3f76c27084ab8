// Two asynchronous tasks add to one variable.
#include <future>

static int sum;

static void add(int n) {
  sum += n; // RACE(sum)
}

int main() {
  auto a = std::async(std::launch::async, add, 1);
  auto b = std::async(std::launch::async, add, 2);
  a.get();
  b.get();
  return sum > 3;
}
