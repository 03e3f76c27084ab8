// The few declarations of Seastar that a test needs.
#pragma once
#include <chrono>
#include <coroutine>

namespace seastar {
template <typename T = void> struct future {
  struct promise_type {
    future get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  T get();
  bool available() const;
  template <typename F> future then(F) { return {}; }
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
struct thread {
  template <typename F> explicit thread(F) {}
  future<> join();
};
template <typename F> future<> async(F) { return {}; }
future<> sleep(std::chrono::milliseconds);
struct smp {
  template <typename F> static future<> submit_to(unsigned, F &&) { return {}; }
};
namespace alien {
struct instance {};
template <typename F> void run_on(instance &, unsigned, F &&) {}
} // namespace alien
struct gate {};
struct semaphore {};
template <typename F> future<> futurize_invoke(F &&) { return {}; }
template <typename T, typename F> future<> do_with(T, F &&) { return {}; }
template <typename F> future<> with_gate(gate &, F &&) { return {}; }
template <typename F> future<> with_semaphore(semaphore &, unsigned long, F &&) { return {}; }
template <typename Range, typename F> future<> parallel_for_each(Range &&, F &&) { return {}; }
template <typename F> future<> repeat(F &&) { return {}; }
} // namespace seastar
