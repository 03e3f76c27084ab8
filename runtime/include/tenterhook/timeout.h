// timeout: a task that is told to stop when it takes too long.
//
//   std::string page = co_await timeout(fetch(url), 2s); // throws timed_out
//   int answer = co_await timeout(pool.submit(compute), 2s);
//   async_mutex::guard held = co_await timeout(mutex.lock(), 2s);
//
// Ownership: takes the task; it has ended when this returns: one that does not look at its stop token delays that. A
// future, too: the work that it stands for goes on when the time is over. A join_handle: its task is told to stop, and waited
// for. Resume thread: must be awaited on an event_loop; goes on there.
// Errors: when the time is over the task is told to stop, and what it then comes to decides (asyncio.timeout, since 3.12): a
// value is given, however late, since what came in the same round of the loop (a line, a connection, a popped value) has been
// taken by the task and would be nowhere else; an exception is thrown as it is, but for `cancelled`, which becomes timed_out.
// Units: any of std::chrono; a limit that is longer than the clock can say is no limit, one that is past or negative
// is over at the task's first wait.
// Cancellation: the parent's stop request is forwarded; then `cancelled` is thrown, also where the clean-up takes longer
// than the limit.
#ifndef TENTERHOOK_TIMEOUT_H
#define TENTERHOOK_TIMEOUT_H

#include <tenterhook/detail/latch.h>
#include <tenterhook/detail/saturate.h>
#include <tenterhook/detail/stoppable_wait.h>

#include <chrono>

namespace tenterhook {

namespace detail {
struct deadline : timer_node {
  stop_scope scope;
  scope_link outer;
  bool over = false;
  bool told_before = false; // by the parent

  deadline(event_loop &loop, event_loop::clock::time_point when) {
    fire = [](timer_node *node) noexcept {
      auto *self = static_cast<deadline *>(node);
      self->over = true;
      self->told_before = self->scope.stop_requested();
      self->scope.request_stop();
    };
    loop.add_timer(*this, when);
  }
  ~deadline() { timer_wheel::cancel(*this); }
};
} // namespace detail

template <typename T> task<T> timeout_at(task<T> body, event_loop::clock::time_point when) {
  detail::deadline limit(detail::this_loop("timeout"), when);
  detail::child<T> only(std::move(body));
  detail::latch end;
  auto start = [&](stop_scope *parent) {
    limit.outer.connect(parent, limit.scope);
    only.start(end, &limit.scope);
  };
  detail::latch_awaiter waiting(end, start);
  co_await waiting;
  try {
    co_return only.result().take();
  } catch (const cancelled &) {
    if (!limit.over || limit.told_before)
      throw;
  }
  throw timed_out(); // the task ended as the deadline had told it
}

template <typename T, typename Duration>
task<T> timeout_at(task<T> body, std::chrono::time_point<event_loop::clock, Duration> when) {
  return timeout_at(std::move(body), detail::saturated(when));
}

template <typename T, typename Rep, typename Period> task<T> timeout(task<T> body, std::chrono::duration<Rep, Period> limit) {
  return timeout_at(std::move(body), detail::time_after(limit));
}

namespace detail {
template <has_member_co_await A> decltype(std::declval<A>().operator co_await().await_resume()) awaited_of();
template <typename A>
  requires(!has_member_co_await<A>)
decltype(std::declval<A &>().await_resume()) awaited_of();
template <typename A> using awaited = decltype(awaited_of<A>());
template <typename A> task<awaited<A>> awaits(A awaitable) { co_return co_await std::move(awaitable); }
} // namespace detail

// Of what is awaited as an rvalue and can be moved: a future, a join_handle, what async_mutex::lock() or socket::accept() gives.
template <typename A, typename Duration, typename T = detail::awaited<A>>
task<T> timeout_at(A awaitable, std::chrono::time_point<event_loop::clock, Duration> when) {
  return timeout_at(detail::awaits(std::move(awaitable)), when);
}
template <typename A, typename Rep, typename Period, typename T = detail::awaited<A>>
task<T> timeout(A awaitable, std::chrono::duration<Rep, Period> limit) {
  return timeout(detail::awaits(std::move(awaitable)), limit);
}

} // namespace tenterhook

#endif
