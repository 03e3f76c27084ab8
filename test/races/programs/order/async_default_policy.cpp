// Without a policy the implementation may choose a thread: the access before get() can race.
#include <future>

static int value;

int main() {
  auto maybe = std::async([] {
    value += 5; // RACE(value)
  });
  value = 1; // RACE(value)
  maybe.get();
  return 0;
}
