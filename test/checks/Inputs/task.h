// A minimal coroutine library for the tests of the checks: only what a check can see, nothing that runs.
//
// What is declared without a body is code that the tool does not see; a test that needs a body writes it itself.
#ifndef TEST_CHECKS_INPUTS_TASK_H
#define TEST_CHECKS_INPUTS_TASK_H

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <string>
#include <utility>

namespace detail {
template <typename T> struct promise_result {
  void return_value(T) {}
};
template <> struct promise_result<void> {
  void return_void() {}
};
} // namespace detail

// Lazy: runs when awaited.
template <typename T = void> struct task {
  struct promise_type : detail::promise_result<T> {
    task get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void unhandled_exception() {}
  };
  task() = default;
  task(task &&) noexcept;
  task &operator=(task &&) noexcept;
  ~task();
  struct awaiter {
    bool await_ready() const noexcept;
    void await_suspend(std::coroutine_handle<>) noexcept;
    T await_resume();
  };
  awaiter operator co_await() noexcept;
};

// Runs from the call on; awaiting it waits for its end.
template <typename T = void> struct eager_task {
  struct promise_type : detail::promise_result<T> {
    eager_task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void unhandled_exception() {}
  };
  eager_task() = default;
  eager_task(eager_task &&) noexcept;
  ~eager_task();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>) noexcept;
  T await_resume();
};

// Runs from the call on by itself, and frees itself.
struct detached_task {
  struct promise_type {
    detached_task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

template <typename T> struct generator {
  struct promise_type {
    generator get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(T) { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  struct sentinel {};
  struct iterator {
    iterator &operator++();
    T operator*() const;
    bool operator==(sentinel) const;
  };
  iterator begin();
  sentinel end();
};

// Yields, and awaits between.
template <typename T> struct async_generator {
  struct promise_type {
    async_generator get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(T) { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  task<bool> next();
  T value();
};

// An awaitable of a library: nothing of it is seen.
template <typename T = void> struct awaitable {
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>) noexcept;
  T await_resume();
};

awaitable<> tick(); // the next turn of the loop
awaitable<> sleep_for(std::chrono::nanoseconds);
awaitable<> connect_again();
awaitable<> save(int);
awaitable<> write_all();
awaitable<int> fetch();
awaitable<std::string> receive();

// Locking is awaited; the guard may be held over an await.
struct async_guard {
  async_guard(async_guard &&) noexcept;
  ~async_guard();
  void unlock();
};
struct async_mutex {
  awaitable<> lock();
  awaitable<async_guard> scoped_lock();
  awaitable<async_guard> hold_lock();
  bool try_lock();
  void unlock();
};
struct async_event {
  awaitable<> wait();
  void set();
};

void use(int);
void use(const std::string &);

// Runs the task to its end on this thread.
template <typename T> [[clang::annotate("tenterhook::blocking")]] T sync_wait(task<T>);
// Starts the task on the loop of this thread.
template <typename T> void spawn(task<T>);
template <typename... T> awaitable<> when_all(T...);

#endif
