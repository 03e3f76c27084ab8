// c waits for a's signal instead of b's: b and c meet.
#include <future>
#include <thread>

static int baton;

int main() {
  std::promise<void> first;
  std::shared_future<void> from_a = first.get_future().share();
  std::thread a([&] {
    baton = 1;
    first.set_value();
  });
  std::thread b([from_a] {
    from_a.wait();
    baton += 1; // RACE(baton)
  });
  std::thread c([from_a] {
    from_a.wait();
    baton += 1; // RACE(baton)
  });
  a.join();
  b.join();
  c.join();
  return baton > 3;
}
