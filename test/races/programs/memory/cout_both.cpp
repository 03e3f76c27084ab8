// Both threads write to std::cout, which the standard allows without a race.
#include <iostream>
#include <thread>

int main() {
  std::thread thread([] { std::cout << "from the thread " << 1 << '\n'; });
  std::cout << "from main " << 2 << '\n';
  thread.join();
  return 0;
}
