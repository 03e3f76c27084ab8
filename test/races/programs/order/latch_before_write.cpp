// The second worker counts down before its write.
#include <latch>
#include <thread>

static int left, right;

int main() {
  std::latch done(2);
  std::jthread a([&done] {
    left = 1;
    done.count_down();
  });
  std::jthread b([&done] {
    done.count_down();
    right = 2; // RACE(right)
  });
  done.wait();
  return left + right > 3; // RACE(right)
}
