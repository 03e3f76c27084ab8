// Each instance of the template has its own static: the two threads use two instances, no race.
#include <thread>

template <class T> int count() {
  static int calls = 0;
  return ++calls;
}

int main() {
  int a = 0, b = 0;
  std::thread first([&a] { a = count<int>(); });
  std::thread second([&b] { b = count<long>(); });
  first.join();
  second.join();
  return a == 1 && b == 1 ? 0 : 1;
}
