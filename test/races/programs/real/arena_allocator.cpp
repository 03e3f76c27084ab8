// A bump allocator without a lock is used by two threads.
#include <cstddef>
#include <thread>

class Arena {
public:
  void *take(std::size_t size) {
    char *here = memory_ + used_; // RACE(used)
    used_ += size;                // RACE(used)
    return here;
  }

private:
  alignas(16) char memory_[1024];
  std::size_t used_ = 0;
};

static Arena arena;

static void work() {
  for (int i = 0; i < 8; ++i)
    arena.take(16);
}

int main() {
  std::thread a(work), b(work);
  a.join();
  b.join();
  return 0;
}
