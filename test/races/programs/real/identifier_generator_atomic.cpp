// The same with an atomic: no race.
#include <atomic>
#include <thread>

namespace ids {
static std::atomic<long> last{0};

static long next() { return ++last; }
} // namespace ids

struct Item {
  long id = ids::next();
};

int main() {
  long a = 0, b = 0;
  std::thread first([&a] { a = Item().id; });
  std::thread second([&b] { b = Item().id; });
  first.join();
  second.join();
  return a + b == 3 ? 0 : 1;
}
