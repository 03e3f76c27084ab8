// std::bind with std::ref: the thread adds to main's variable.
#include <functional>
#include <thread>

static void add(int &to, int n) {
  to += n; // RACE(total)
}

int main() {
  int total = 0;
  auto bound = std::bind(add, std::ref(total), 5);
  std::thread thread(bound);
  total++; // RACE(total)
  thread.join();
  return total > 6;
}
