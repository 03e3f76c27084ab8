// a writes, b waits for a's promise and writes, c waits for b's: one after the other along the chain, no race.
#include <future>
#include <thread>

static int baton;

int main() {
  std::promise<void> first, second;
  std::thread a([&] {
    baton = 1;
    first.set_value();
  });
  std::thread b([&, from_a = first.get_future()] {
    from_a.wait();
    baton += 1;
    second.set_value();
  });
  std::thread c([&, from_b = second.get_future()] {
    from_b.wait();
    baton += 1;
  });
  a.join();
  b.join();
  c.join();
  return baton == 3 ? 0 : 1;
}
