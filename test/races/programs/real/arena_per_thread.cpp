// Each thread has its own arena on its stack: no race.
#include <cstddef>
#include <thread>

class Arena {
public:
  int *take() {
    auto *here = memory_ + used_;
    used_ += 1;
    return here;
  }

private:
  int memory_[64] = {};
  std::size_t used_ = 0;
};

static void work(int *result) {
  Arena arena;
  for (int i = 0; i < 8; ++i) {
    int *number = arena.take();
    *number = i;
    *result += *number;
  }
}

int main() {
  int a = 0, b = 0;
  std::thread first(work, &a), second(work, &b);
  first.join();
  second.join();
  return a == 28 && b == 28 ? 0 : 1;
}
