// A const member function fills a mutable cache: const does not mean that it only reads.
#include <thread>

class Circle {
public:
  explicit Circle(int radius) : radius_(radius) {}
  int area() const {
    if (cached_ == 0)                  // RACE(cached)
      cached_ = 3 * radius_ * radius_; // RACE(cached)
    return cached_;                    // RACE(cached)
  }

private:
  int radius_;
  mutable int cached_ = 0;
};

int main() {
  const Circle circle(2);
  int a = 0, b = 0;
  std::thread first([&] { a = circle.area(); });
  std::thread second([&] { b = circle.area(); });
  first.join();
  second.join();
  return a > b + 12;
}
