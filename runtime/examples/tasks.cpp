// Tasks, spawn, when_all, when_any, timeout, sleep: what a program of coroutines is made of.
#include <tenterhook/event_loop.h>
#include <tenterhook/sleep.h>
#include <tenterhook/timeout.h>
#include <tenterhook/when_all.h>
#include <tenterhook/when_any.h>

#include <cstdio>

using namespace std::chrono_literals;
using namespace tenterhook;

namespace {

task<int> measure(std::chrono::milliseconds duration, int result) {
  co_await sleep_for(duration);
  co_return result;
}

task<> program() {
  // One after the other, then side by side.
  int one = co_await measure(5ms, 1);
  auto [two, three] = co_await when_all(measure(5ms, 2), measure(5ms, 3));
  std::printf("together: %d\n", one + two + three);

  // The first one that answers; the other is cancelled.
  auto first = co_await when_any(measure(1h, 10), measure(2ms, 20));
  std::printf("task %zu was first\n", first.index);

  // No longer than this.
  try {
    co_await timeout(measure(1h, 0), 5ms);
  } catch (const timed_out &) {
    std::printf("took too long\n");
  }

  // Beside this coroutine; told to stop.
  join_handle<int> beside = spawn(measure(1h, 0));
  beside.request_stop();
  try {
    co_await beside;
  } catch (const cancelled &) {
    std::printf("stopped\n");
  }
}

} // namespace

int main() {
  event_loop loop;
  loop.run_until_complete(program());
}
