// The coroutine is a member template of a class in a namespace.
#include "own.h"

namespace app {
template <typename Unit>
struct poller {
  template <int times>
  own::task run() {
    for (int i = 0; i < times; ++i)
      usleep(Unit::microseconds); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
    co_return;
  }
};
struct coarse {
  static constexpr int microseconds = 100'000;
};
} // namespace app

int main() {
  own::loop loop;
  app::poller<app::coarse> poller;
  loop.run(poller.run<2>());
}
