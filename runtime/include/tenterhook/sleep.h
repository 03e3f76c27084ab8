// sleep_for, sleep_until: wait for a time without blocking the loop. yield: let others have their turn.
//
//   co_await sleep_for(50ms);
//
// Resume thread: the loop's. Must be awaited on an event_loop (std::logic_error elsewhere); yield on any executor.
// Cancellation: a stop request ends the sleep at once with `cancelled`.
// Units: any of std::chrono; never early, late by up to 65.5 µs and what the loop is busy with. What is longer than the
// clock can say (hours::max()) is 292 years; what is past or negative lets the others have their turn and goes on.
#ifndef TENTERHOOK_SLEEP_H
#define TENTERHOOK_SLEEP_H

#include <tenterhook/detail/saturate.h>
#include <tenterhook/detail/stoppable_wait.h>

#include <chrono>
#include <string>

namespace tenterhook {

class [[nodiscard]] sleep_awaiter : public detail::stoppable_wait, private timer_node {
public:
  static constexpr trace::Wait wait_kind = trace::Wait::timer;

  explicit sleep_awaiter(event_loop::clock::time_point wake) noexcept : stoppable_wait(event_loop::current()), when(wake) {}
  ~sleep_awaiter() { timer_wheel::cancel(*this); }

  bool await_ready() const {
    detail::this_loop("sleep_for");
    return false;
  }
  template <typename Promise> void await_suspend(std::coroutine_handle<Promise> handle) {
    fire = [](timer_node *node) noexcept { static_cast<sleep_awaiter *>(node)->complete(); };
    abandon = [](stoppable_wait *wait) noexcept { timer_wheel::cancel(*static_cast<sleep_awaiter *>(wait)); };
    loop->add_timer(*this, when);
    begin(handle);
  }
  void await_resume() const { throw_if_aborted(); }

private:
  event_loop::clock::time_point when;
};

template <typename Duration> sleep_awaiter sleep_until(std::chrono::time_point<event_loop::clock, Duration> when) noexcept {
  return sleep_awaiter(detail::saturated(when));
}

template <typename Rep, typename Period> sleep_awaiter sleep_for(std::chrono::duration<Rep, Period> duration) noexcept {
  return sleep_awaiter(detail::time_after(duration));
}

// Goes to the end of its executor's queue; outside of executors it does nothing.
class [[nodiscard]] yield {
public:
  static constexpr trace::Wait wait_kind = trace::Wait::executor;
  std::source_location place;

  yield() noexcept = default;
  yield(const yield &) = delete;
  bool await_ready() const noexcept { return !executor::current(); }
  void await_suspend(std::coroutine_handle<> handle) noexcept {
    again.suspend(handle, place);
    again.resume();
  }
  void await_resume() const noexcept {}

private:
  resumption again;
};

} // namespace tenterhook

#endif
