// Two base classes have a field of the same name: two locations. No race.
#include <thread>

struct Left {
  int count = 0;
};

struct Right {
  int count = 0;
};

struct Both : Left, Right {};

int main() {
  Both both;
  std::thread thread([&both] { both.Left::count++; });
  both.Right::count++;
  thread.join();
  return both.Left::count + both.Right::count == 2 ? 0 : 1;
}
