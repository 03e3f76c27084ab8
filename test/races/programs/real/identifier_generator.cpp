// next_id() counts a static: ids may be given out twice, and it is a race.
#include <thread>

namespace ids {
static long last = 0;

static long next() {
  return ++last; // RACE(last)
}
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
  return a + b > 3;
}
