// A structured binding by reference is another name for the fields; by value it is a copy.
#include <thread>

struct Point {
  int x = 0, y = 0;
};

int main() {
  Point point;
  std::thread thread([&point] {
    auto &[x, y] = point;
    x = y + 1; // RACE(x)
  });
  point.x = 3; // RACE(x)
  thread.join();
  return point.x > 3;
}
