// Cleaning up after a stop request: finally, shield and shield_scope.
//
//   co_await finally(talk(client), [&] { return say_goodbye(client); }); // as try/finally: also after `cancelled`
//   co_await shield(save(state));                                        // a step that is not cut in two
//
//   bool stopped = false;
//   try {
//     co_await talk(client);
//   } catch (const cancelled &) {
//     stopped = true;                                // a handler cannot await
//   }
//   if (stopped) {
//     shield_scope quiet = co_await shielded();      // to the end of the block
//     co_await say_goodbye(client);
//     throw cancelled();
//   }
//
// A stop request stays: after it, each wait of the task ends with `cancelled`. Within a shield the request is not seen:
// waits wait, current_stop_token() has no stop state, tasks that are awaited there share that. When the shield is over
// the request is seen again, at the next wait. What opens a stop scope of its own within (timeout, when_any, with_stop,
// a spawned task's request_stop) works as ever, so `shield(timeout(say_goodbye(client), 2s))` is one with a limit.
// Who told the task to stop waits for its end as always: timeout, when_any and task groups for what the shield runs,
// event_loop::shutdown() and thread_pool::shutdown() too. Their destructors destroy it where it is.
// Ownership and resume thread: as a co_await of the task. Errors: finally gives what the body came to; an exception of
// the clean-up takes its place.
#ifndef TENTERHOOK_SHIELD_H
#define TENTERHOOK_SHIELD_H

#include <tenterhook/task.h>

#include <concepts>
#include <exception>
#include <utility>

namespace tenterhook {

namespace detail {
struct shielding;
}

// Runs `body` to its end, whoever asks the awaiting task to stop meanwhile or did before.
template <typename T> task<T> shield(task<T> body) {
  co_await detail::scope_setter{nullptr};
  co_return co_await std::move(body);
}

// The awaiting coroutine does not see its stop request while this lives; they nest. Of `co_await shielded()` in a task;
// a local of that coroutine.
class [[nodiscard]] shield_scope {
public:
  shield_scope(const shield_scope &) = delete;
  shield_scope &operator=(const shield_scope &) = delete;
  ~shield_scope() { promise.scope = outer; }

private:
  friend struct detail::shielding;
  explicit shield_scope(detail::promise_base &of) noexcept : promise(of), outer(std::exchange(of.scope, nullptr)) {}
  detail::promise_base &promise;
  stop_scope *outer;
};

namespace detail {
struct shielding {
  promise_base *promise = nullptr;
  bool await_ready() const noexcept { return false; }
  template <std::derived_from<promise_base> Promise> bool await_suspend(std::coroutine_handle<Promise> handle) noexcept {
    promise = &handle.promise();
    return false;
  }
  shield_scope await_resume() const noexcept { return shield_scope(*promise); }
};
} // namespace detail

inline detail::shielding shielded() noexcept { return {}; }

// Awaits `body`, and then, whatever it came to, `clean_up()` in a shield. `clean_up` is called once, when the body has
// ended, and gives a task<void>.
template <typename T, std::invocable F>
  requires std::same_as<std::invoke_result_t<F>, task<void>>
task<T> finally(task<T> body, F clean_up) {
  detail::outcome<T> came_to;
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(body);
      came_to.set(detail::nothing{});
    } else {
      came_to.set(co_await std::move(body));
    }
  } catch (...) {
    came_to.fail(std::current_exception());
  }
  shield_scope quiet = co_await shielded();
  co_await std::move(clean_up)();
  co_return came_to.take();
}

} // namespace tenterhook

#endif
