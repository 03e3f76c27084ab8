// run_in_executor: calls something on another executor (a thread_pool, for what blocks or computes) and awaits its
// result.
//
//   auto read = [path = url.substr(7)] { return read_file(path); };
//   std::string text = co_await run_in_executor(pool, std::move(read));
//
// Ownership: the callable is moved to the other executor and destroyed there, before who awaits it goes on. It may outlive
// an awaiting task that is destroyed: capture by value, or wait for it.
// Resume thread: the awaiting coroutine goes on on the executor on which it awaited.
// Errors: what the callable throws; `cancelled` if the other executor drops it unrun (shutdown). Awaited where no
// executor runs: std::logic_error.
// g++-12 destroys a capture that has a destructor twice if the lambda stands in the expression of the co_await (a bug
// of the compiler, with any awaitable): there, name the lambda first and pass std::move(it). Cancellation: none: a call
// cannot be stopped from outside. Give it a std::stop_token to look at.
#ifndef TENTERHOOK_RUN_IN_EXECUTOR_H
#define TENTERHOOK_RUN_IN_EXECUTOR_H

#include <tenterhook/detail/promise.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace tenterhook {

namespace detail {

// Shared by the call and the awaiter: the awaiter may be destroyed while the call runs.
template <typename R> struct offloaded {
  std::mutex guard;
  resumption *waiter = nullptr; // null: nobody waits any more
  outcome<R> result;

  void finish() noexcept {
    std::lock_guard lock(guard); // while it is held, the awaiter cannot be destroyed
    if (resumption *waiting = std::exchange(waiter, nullptr))
      waiting->resume();
  }
};

// The callable with its duty to answer, whether it is run or dropped.
template <typename F, typename R> struct offloaded_call {
  std::shared_ptr<offloaded<R>> state;
  std::optional<F> callable;

  offloaded_call(std::shared_ptr<offloaded<R>> shared, F &&given) : state(std::move(shared)), callable(std::move(given)) {}
  offloaded_call(offloaded_call &&) = default;
  ~offloaded_call() {
    if (!state)
      return;
    callable.reset();
    state->result.fail(std::make_exception_ptr(cancelled()));
    state->finish();
  }
  void operator()() && noexcept {
    auto answered = std::move(state);
    try {
      if constexpr (std::is_void_v<R>) {
        (*std::move(callable))();
        answered->result.set(nothing{});
      } else {
        answered->result.set((*std::move(callable))());
      }
    } catch (...) {
      answered->result.fail(std::current_exception());
    }
    callable.reset(); // what it holds is freed before the result is seen
    answered->finish();
  }
};

template <typename F> class offload_awaiter {
  using R = std::invoke_result_t<F>;

public:
  static constexpr trace::Wait wait_kind = trace::Wait::executor;
  std::source_location place;

  offload_awaiter(executor &on, F given) : target(on), callable(std::move(given)) {}
  offload_awaiter(const offload_awaiter &) = delete;
  ~offload_awaiter() {
    if (!state)
      return;
    std::lock_guard lock(state->guard);
    state->waiter = nullptr;
  }
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    this_executor("run_in_executor");
    auto shared = std::make_shared<offloaded<R>>();
    waiter.suspend(handle, place);
    shared->waiter = &waiter;
    work call = work::of(offloaded_call<F, R>(shared, std::move(callable)), place);
    state = std::move(shared);
    target.post(std::move(call)); // this coroutine may go on elsewhere from here on
  }
  R await_resume() { return state->result.take(); }

private:
  executor &target;
  F callable;
  resumption waiter;
  std::shared_ptr<offloaded<R>> state;
};

} // namespace detail

template <std::invocable F> [[nodiscard]] detail::offload_awaiter<F> run_in_executor(executor &on, F callable) {
  return detail::offload_awaiter<F>(on, std::move(callable));
}

} // namespace tenterhook

#endif
