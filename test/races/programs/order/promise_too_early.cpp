// set_value comes before the last write, which get() therefore does not wait for.
#include <future>
#include <thread>

static int first, second;

int main() {
  std::promise<void> ready;
  auto wait = ready.get_future();
  std::thread filler([&ready] {
    first = 1;
    ready.set_value();
    second = 2; // RACE(second)
  });
  wait.get();
  int sum = first + second; // RACE(second)
  filler.join();
  return sum < 1;
}
