// What the tests of the coroutine half share: running a task on a fresh loop, and tasks that take time.
#ifndef TENTERHOOK_TEST_RUNTIME_COROUTINE_TEST_H
#define TENTERHOOK_TEST_RUNTIME_COROUTINE_TEST_H

#include <tenterhook/event_loop.h>
#include <tenterhook/sleep.h>

#include <gtest/gtest.h>

namespace coroutine_test {

using namespace std::chrono_literals;
using namespace tenterhook;

// A loop that does not warn: sanitizers and busy machines make slow slices that no test is about.
inline event_loop_options quiet() { return {std::chrono::nanoseconds(0), {}}; }

template <typename T> T run(task<T> body) {
  event_loop loop(quiet());
  return loop.run_until_complete(std::move(body));
}

inline task<int> after(std::chrono::milliseconds delay, int value) {
  co_await sleep_for(delay);
  co_return value;
}
inline task<int> fail_after(std::chrono::milliseconds delay) {
  co_await sleep_for(delay);
  throw std::runtime_error("planned");
}
// Waits for longer than any test lasts; counts how often it was told to stop.
inline task<int> forever(int &stopped) {
  try {
    co_await sleep_for(1h);
  } catch (const cancelled &) {
    ++stopped;
    throw;
  }
  co_return -1;
}

// An operation that is ready goes on at once, but now and then lets the others have their turn. Who was told to stop by then
// ends there, once, and has taken nothing.
template <typename Operation> task<> told_at_its_turn(Operation operation) {
  auto body = [&]() -> task<> {
    while (event_loop::current()->may_complete_at_once()) {
    }
    co_await operation();
    ADD_FAILURE() << "the operation was not ended";
  };
  join_handle<void> told = spawn(body());
  told.request_stop();
  EXPECT_THROW(co_await told, cancelled);
}

} // namespace coroutine_test

#endif
