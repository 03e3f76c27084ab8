// Both workers count down after their writes, main waits for both: no race, although they are joined later.
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
    right = 2;
    done.count_down();
  });
  done.wait();
  return left + right == 3 ? 0 : 1;
}
