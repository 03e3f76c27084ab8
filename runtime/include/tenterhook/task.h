// task<T>: a coroutine that computes a T, an lvalue reference or nothing.
//
//   task<int> twice(task<int> of) { co_return 2 * co_await std::move(of); }
//
// Lazy: it starts when it is awaited (or spawned, or run by a loop), by symmetric transfer: no queue, no stack growth.
// Ownership: the task owns the coroutine's frame, is move-only, and is awaited once, as an rvalue; the co_await then
// owns it, and destroys it at the end of its full expression. Destroying the task destroys the frame. A coroutine that
// waits for something may be destroyed on the thread of its executor only; what it waits for is destroyed first, the
// innermost child at the very first, without recursion, however deep they are nested. Of tasks in each other's
// parameters that have not begun, those that lie more than 200 deep are destroyed behind the outer ones.
// Resume thread: a child starts on its parent's thread and executor. The parent goes on on the executor on which it
// awaited, wherever the child ended: in place if that is the same one, posted there if not.
// Errors: an exception that leaves the coroutine is thrown by the co_await.
// Cancellation: a child shares its parent's stop scope (stop.h).
// Threads: none of it is synchronized; a task belongs to one thread at a time.
//
// With g++-12 at -O0 or with its sanitizers, symmetric transfer is a call and not a jump: tens of thousands of awaits
// in a row that never wait for anything then overflow the stack. `co_await yield()` now and then ends that.
#ifndef TENTERHOOK_TASK_H
#define TENTERHOOK_TASK_H

#include <tenterhook/detail/promise.h>

#include <utility>

namespace tenterhook {

template <typename T = void> class [[nodiscard]] task {
public:
  using promise_type = detail::promise<T>;
  using value_type = T;

  task() noexcept = default; // holds nothing; must not be awaited
  task(task &&other) noexcept : frame(std::exchange(other.frame, nullptr)) {}
  task &operator=(task &&other) noexcept {
    task taken(std::move(other));
    std::swap(frame, taken.frame);
    return *this;
  }
  ~task() {
    if (frame)
      detail::destroy_unbegun(frame, frame.promise());
  }

  explicit operator bool() const noexcept { return frame != nullptr; }

  // In coroutines of other libraries. They have no executor that this one could know, so they go on where the child
  // ends.
  auto operator co_await() && noexcept { return detail::child_awaiter<T>{release(), std::source_location()}; }

  std::coroutine_handle<promise_type> handle() const noexcept { return frame; }
  std::coroutine_handle<promise_type> release() noexcept { return std::exchange(frame, nullptr); }

private:
  friend detail::promise_of<T>;
  explicit task(std::coroutine_handle<promise_type> made) noexcept : frame(made) {}

  std::coroutine_handle<promise_type> frame;
};

// Runs `inner` so that `token` stops it as well as the awaiting task's own. It ends when `inner` does.
template <typename T> task<T> with_stop(std::stop_token token, task<T> inner) {
  stop_scope scope;
  std::stop_token outer = co_await current_stop_token();
  auto stop = [&scope] { scope.request_stop(); };
  std::stop_callback first(std::move(token), stop), second(std::move(outer), stop);
  co_await detail::scope_setter{&scope};
  co_return co_await std::move(inner);
}

} // namespace tenterhook

#endif
