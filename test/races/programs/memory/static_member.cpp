// A static data member is one variable for all objects.
#include <thread>

class Shape {
public:
  Shape() {
    ++alive_; // RACE(alive)
  }
  static int alive() { return alive_; }

private:
  static int alive_;
};

int Shape::alive_ = 0;

int main() {
  std::thread a([] { Shape first; });
  std::thread b([] { Shape second; });
  a.join();
  b.join();
  return Shape::alive() > 2;
}
