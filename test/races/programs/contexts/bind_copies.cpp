// std::bind copies its arguments; the thread adds to the copy in the bound object. No race.
#include <functional>
#include <thread>

static void add(int &to, int n) { to += n; }

int main() {
  int total = 0;
  auto bound = std::bind(add, total, 5);
  std::thread thread(bound);
  total++;
  thread.join();
  return total == 1 ? 0 : 1;
}
