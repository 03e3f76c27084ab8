// promise<T> and future<T>: a result that one thread makes and another takes. Both are move-only; a future gives its
// result once.
//
//   promise<int> made;
//   future<int> answer = made.get_future();
//   std::jthread maker([&] { made.set_value(42); });
//   int n = answer.get();                              // plain code: waits
//
//   int n = co_await pool.submit([] { return 42; });   // coroutine: suspends
//   future<int> twice = pool.submit([] { return 42; }).then([](int n) { return 2 * n; });
//
// Ownership: promise, future and continuation share the result; each may go away first. A promise that ends without a
// result gives broken_promise. Dropping a future does not stop the work; ask for that with a std::stop_token given to
// submit().
// Threads: a future belongs to one thread at a time, a promise too; the two may be on different threads.
// Where a continuation runs: `then(f)` on the thread that completes the result, within its set_value(), or at once if
// the result is there already (of continuations that complete each other's results, the 33rd within each other runs
// when the 32nd has returned: a chain of any length is no recursion); `then(executor, f)` always on that executor,
// which must outlive it; `co_await` on the executor that the coroutine suspended on (executor.h), or where there is none, on
// the thread that completes the result.
// What a continuation gets: the future<T>, ready, if it takes one; else the value, and then an exception goes past it
// to the next future. A continuation that gives a future<U> makes `then` a future<U>.
// Cancellation: a task that awaits a future and is told to stop gets cancelled at the co_await; the work goes on.
// Errors: get() and co_await throw the exception; cancelled if the work was dropped or the wait was stopped; an
// operation on a future without a result (moved from, taken) is a programming error and asserts.
// Times: any std::chrono duration, on the steady clock; what is too long for it waits for ever.
#ifndef TENTERHOOK_FUTURE_H
#define TENTERHOOK_FUTURE_H

#include <tenterhook/block_event.h>
#include <tenterhook/detail/saturate.h>
#include <tenterhook/executor.h>
#include <tenterhook/future_state.h>

#include <chrono>
#include <concepts>
#include <coroutine>
#include <functional>
#include <optional>
#include <source_location>
#include <stop_token>

namespace tenterhook {

template <typename T> class future;
template <typename T> class completions;

namespace detail {
template <typename Range, typename F> class mapping;
template <typename T, typename F> struct then_node;
struct any_source;
void note_wait_on(std::uint64_t work, const std::source_location &place) noexcept;

template <typename T> struct is_future : std::false_type {};
template <typename T> struct is_future<future<T>> : std::true_type {
  using element = T;
};

// What f gives when it is called with a ready future<T>, or with its value.
template <typename T, typename F> decltype(auto) continue_with(F &f, future<T> &&ready) {
  if constexpr (std::invocable<F &, future<T>>) {
    return std::invoke(f, std::move(ready));
  } else if constexpr (std::is_void_v<T>) {
    ready.get();
    return std::invoke(f);
  } else {
    return std::invoke(f, ready.get());
  }
}
} // namespace detail

template <typename T> class [[nodiscard]] future {
  using place = std::source_location;
  using state = detail::state_ref<T>;

public:
  using value_type = T;

  future() noexcept = default; // without a result: valid() is false
  explicit future(state adopted) noexcept : state_(std::move(adopted)) {}
  future(future &&) noexcept = default;
  future &operator=(future &&other) noexcept {
    state dropped = std::exchange(state_, std::move(other.state_));
    return *this;
  }

  bool valid() const noexcept { return bool(state_); }
  bool is_ready() const noexcept { return state_->is_ready(); }

  // Waits for the result and takes it. The future is empty afterwards.
  T get(place at = place::current()) {
    wait_in("tenterhook::future::get", nullptr, {}, at);
    return take();
  }
  // As get(); throws cancelled, and keeps the future, if stop is requested first. The work goes on.
  T get(std::stop_token stop, place at = place::current()) {
    if (!wait_in("tenterhook::future::get", nullptr, std::move(stop), at))
      throw cancelled();
    return take();
  }
  void wait(place at = place::current()) { wait_in("tenterhook::future::wait", nullptr, {}, at); }
  // Says whether the result is there.
  template <typename Rep, typename Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period> &timeout, place at = place::current()) {
    return wait_in("tenterhook::future::wait_for", detail::time_after(timeout), {}, at);
  }
  template <typename Clock, typename Duration>
  [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration> &deadline, place at = place::current()) {
    return wait_in("tenterhook::future::wait_until", detail::saturated(deadline), {}, at);
  }

  // See above for what f gets and where it runs.
  template <typename F> auto then(F f, place at = place::current()) && {
    return detail::then_node<T, F>::attach(std::move(state_), nullptr, std::move(f), at);
  }
  template <typename F> auto then(executor &where, F f, place at = place::current()) && {
    return detail::then_node<T, F>::attach(std::move(state_), &where, std::move(f), at);
  }

  class awaiter;
  awaiter operator co_await() && noexcept { return awaiter(std::move(state_)); }

private:
  template <typename> friend class completions;
  template <typename, typename> friend class detail::mapping; // thread_pool::map, which waits under its own name
  friend detail::any_source;                                  // wait_any

  template <typename Deadline> bool wait_in(const char *function, Deadline deadline, std::stop_token stop, const place &at) {
    assert(state_ && "a future whose result was taken or moved away");
    detail::block_event event(function, at);
    if (state_->is_ready())
      return true;
    event.waiting();
    if (trace::active()) [[unlikely]]
      detail::note_wait_on(state_->work, at);
    return state_->wait(deadline, stop);
  }
  T take() {
    state taken = std::move(state_);
    return taken->take();
  }

  state state_;
};

// What co_await of a future waits in. Lies in the coroutine's frame; may be destroyed while it waits (the frame is), on
// the thread of the executor that it suspended on.
template <typename T> class future<T>::awaiter : detail::future_waiter {
public:
  static constexpr trace::Wait wait_kind = trace::Wait::future;
  std::source_location place; // of the co_await, set by the awaiting task

  explicit awaiter(state awaited) noexcept : state_(std::move(awaited)) {
    act = [](future_waiter *base) noexcept { static_cast<awaiter *>(base)->coroutine_.resume(); };
  }
  awaiter(const awaiter &) = delete;
  awaiter &operator=(const awaiter &) = delete;
  ~awaiter() {
    stop_.reset();
    if (suspended_ && !cancelled_ && !state_->withdraw(*this))
      state_->await_completion(); // then `coroutine_` is in its executor's queue and takes itself out
  }

  bool await_ready() const noexcept {
    assert(state_ && "a future whose result was taken or moved away");
    return state_->is_ready();
  }
  template <typename Promise> bool await_suspend(std::coroutine_handle<Promise> waiting) {
    coroutine_.suspend(waiting, place);
    suspended_ = true;
    if (trace::active()) [[unlikely]]
      detail::note_wait_on(state_->work, place);
    // Before the waiter is installed: afterwards the coroutine may run elsewhere already, and *this be gone.
    if constexpr (requires { waiting.promise().scope->token(); })
      if (waiting.promise().scope)
        stop_.emplace(waiting.promise().scope->token(), canceller{this});
    if (state_->install(*this))
      return true;
    suspended_ = false;
    cancelled_ = !state_->is_ready();
    return false;
  }
  T await_resume() {
    stop_.reset();
    suspended_ = false;
    if (cancelled_)
      throw cancelled();
    state taken = std::move(state_);
    return taken->take();
  }

private:
  struct canceller {
    awaiter *waiting;
    void operator()() const noexcept {
      if (!waiting->state_->cancel(*waiting))
        return;
      waiting->cancelled_ = true;
      waiting->coroutine_.resume();
    }
  };

  state state_;
  resumption coroutine_;
  std::optional<std::stop_callback<canceller>> stop_;
  bool suspended_ = false;
  bool cancelled_ = false;
};

template <typename T> class promise {
public:
  promise() : state_(detail::make_state<T>()) {}
  promise(promise &&) noexcept = default;
  promise &operator=(promise &&other) noexcept {
    promise(std::move(other)).swap(*this);
    return *this;
  }
  ~promise() {
    if (state_)
      set_exception(std::make_exception_ptr(broken_promise()));
  }
  void swap(promise &other) noexcept {
    std::swap(state_, other.state_);
    std::swap(retrieved_, other.retrieved_);
  }

  // Once.
  future<T> get_future() {
    assert(state_ && !retrieved_ && "get_future() is called once, before the result is set");
    retrieved_ = true;
    return future<T>(state_.share());
  }

  // One of these, once; continuations may run within it. The promise is empty afterwards.
  template <typename... Args>
    requires((std::is_void_v<T> && sizeof...(Args) == 0) || (!std::is_void_v<T> && sizeof...(Args) == 1))
  void set_value(Args &&...value) {
    assert(state_ && "the result was set already");
    state_->set_value(std::forward<Args>(value)...); // may throw: then nothing is set
    finish();
  }
  void set_exception(std::exception_ptr error) noexcept {
    assert(state_ && "the result was set already");
    state_->set_exception(std::move(error));
    finish();
  }
  // The value or the exception of `call()`.
  template <std::invocable F> void set_from(F &&call) noexcept {
    assert(state_ && "the result was set already");
    state_->set_from(std::forward<F>(call));
    finish();
  }
  explicit operator bool() const noexcept { return bool(state_); } // false once the result is set

private:
  void finish() noexcept {
    detail::state_ref<T> done = std::move(state_);
    done->complete();
  }
  detail::state_ref<T> state_;
  bool retrieved_ = false;
};

// A future that is ready.
template <typename T> future<std::decay_t<T>> make_ready(T &&value) {
  promise<std::decay_t<T>> made;
  auto ready = made.get_future();
  made.set_value(std::forward<T>(value));
  return ready;
}
inline future<void> make_ready() {
  promise<void> made;
  auto ready = made.get_future();
  made.set_value();
  return ready;
}
template <typename T> future<T> make_failed(std::exception_ptr error) {
  promise<T> made;
  auto ready = made.get_future();
  made.set_exception(std::move(error));
  return ready;
}

namespace detail {

// A continuation: waits for the first result, then is work for an executor or runs at once. Frees itself.
template <typename T, typename F> struct then_node : continuation, work_item {
  using given = std::decay_t<decltype(continue_with<T>(std::declval<F &>(), std::declval<future<T>>()))>;
  static constexpr bool unwraps = is_future<given>::value;

  template <typename G, bool> struct value_of {
    using type = G;
  };
  template <typename G> struct value_of<G, true> {
    using type = typename is_future<G>::element;
  };
  using U = typename value_of<given, unwraps>::type;

  state_ref<T> first;
  executor *where;
  std::optional<F> f; // until it has run, so that what it holds is freed before the result is there
  tenterhook::promise<U> second;

  then_node(state_ref<T> from, executor *on, F &&call) : first(std::move(from)), where(on), f(std::move(call)) {}

  static future<U> attach(state_ref<T> first, executor *where, F f, const std::source_location &at) {
    assert(first && "a future whose result was taken or moved away");
    auto *node = new then_node(std::move(first), where, std::move(f));
    node->future_waiter::act = [](future_waiter *base) noexcept { static_cast<then_node *>(base)->completed(); };
    node->work_item::act = [](work_item *base, bool run) noexcept { static_cast<then_node *>(base)->finish(run); };
    node->place = at;
    if (where && trace::active())
      node->id = trace::new_id();
    future<U> after = node->second.get_future();
    future_state<T> *state = node->first.get();
    if (!state->install(*node))
      node->completed();
    return after;
  }

  void completed() noexcept {
    if (where)
      where->post(tenterhook::work(static_cast<work_item *>(this)));
    else
      finish(true);
  }
  void finish(bool run) noexcept {
    if (!run) {
      f.reset();
      second.set_exception(std::make_exception_ptr(cancelled()));
    } else if constexpr (unwraps) {
      try {
        given inner = call();
        (void)std::move(inner).then([to = std::move(second)](given ready) mutable { to.set_from([&] { return ready.get(); }); });
      } catch (...) {
        if (second)
          second.set_exception(std::current_exception());
      }
    } else {
      second.set_from([this] { return call(); });
    }
    delete this;
  }
  given call() {
    struct ending {
      std::optional<F> &ran;
      ~ending() { ran.reset(); }
    } after{f};
    return continue_with<T>(*f, future<T>(std::move(first)));
  }
};

} // namespace detail
} // namespace tenterhook

#endif
