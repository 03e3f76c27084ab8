// One holds left, one both, one right: the first and the last have no lock in common.
#include <mutex>
#include <thread>

static std::mutex left, right;
static int value;

int main() {
  std::thread a([] {
    std::lock_guard<std::mutex> lock(left);
    value += 1; // RACE(value)
  });
  std::thread b([] {
    std::lock_guard<std::mutex> lock(right);
    value += 1; // RACE(value)
  });
  {
    std::scoped_lock both(left, right);
    value += 1;
  }
  a.join();
  b.join();
  return value > 3;
}
