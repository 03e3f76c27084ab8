// What the corpus' programs without a library run on: a task, a loop on epoll with timers and posted callbacks, a
// worker's thread, and events that a coroutine waits for. Small on purpose; everything works, nothing is
// traced.
#ifndef TENTERHOOK_TEST_VALIDATE_CORPUS_OWN_H
#define TENTERHOOK_TEST_VALIDATE_CORPUS_OWN_H

#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace std::chrono_literals; // in a program of one page

namespace own {

// Lazy; awaited once.
struct task {
  struct promise_type {
    std::coroutine_handle<> parent;
    task get_return_object() { return task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct final_awaiter {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> done) noexcept {
        return done.promise().parent ? done.promise().parent : std::noop_coroutine();
      }
      void await_resume() noexcept {}
    };
    final_awaiter final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::abort(); }
  };
  explicit task(std::coroutine_handle<promise_type> made) : handle(made) {}
  task(task &&other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
  ~task() {
    if (handle)
      handle.destroy();
  }
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) noexcept {
    handle.promise().parent = waiting;
    return handle;
  }
  void await_resume() noexcept {}
  std::coroutine_handle<promise_type> handle;
};

// One thread runs it; post() may be called by any.
class loop {
public:
  loop() : epoll_(epoll_create1(0)), wake_(eventfd(0, EFD_NONBLOCK)) {
    epoll_event event{EPOLLIN, {}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event);
  }
  ~loop() {
    close(wake_);
    close(epoll_);
  }
  loop(const loop &) = delete;

  void post(std::coroutine_handle<> ready) {
    {
      std::lock_guard guard(mutex_);
      ready_.push_back(ready);
    }
    std::uint64_t one = 1;
    [[maybe_unused]] auto written = write(wake_, &one, sizeof one);
  }
  void at(std::chrono::steady_clock::time_point when, std::coroutine_handle<> waiting) {
    timers_.emplace(when, waiting);
  }

  // Until `root` has ended.
  void run(task root) {
    post(root.handle);
    while (!root.handle.done()) {
      int timeout = -1;
      if (!timers_.empty())
        timeout = until(timers_.begin()->first);
      epoll_event event;
      // verdict of own_loop_in_job: blocking-call-in-coroutine inconclusive "does not say whether the callback called"
      if (epoll_wait(epoll_, &event, 1, timeout) > 0) {
        std::uint64_t count;
        [[maybe_unused]] auto got = read(wake_, &count, sizeof count);
      }
      for (auto now = std::chrono::steady_clock::now(); !timers_.empty() && timers_.begin()->first <= now;) {
        auto due = timers_.begin()->second;
        timers_.erase(timers_.begin());
        due.resume();
      }
      std::deque<std::coroutine_handle<>> batch;
      {
        std::lock_guard guard(mutex_);
        batch.swap(ready_);
      }
      for (auto ready : batch)
        ready.resume();
    }
  }

  // co_await loop.sleep(5ms)
  auto sleep(std::chrono::nanoseconds time) {
    struct awaiter {
      loop &on;
      std::chrono::nanoseconds time;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> waiting) { on.at(std::chrono::steady_clock::now() + time, waiting); }
      void await_resume() const noexcept {}
    };
    return awaiter{*this, time};
  }
  // co_await loop.turn(): continues on this loop, in its next round, wherever it was before.
  auto turn() {
    struct awaiter {
      loop &on;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> waiting) { on.post(waiting); }
      void await_resume() const noexcept {}
    };
    return awaiter{*this};
  }

private:
  static int until(std::chrono::steady_clock::time_point when) { // milliseconds from now, never early
    auto left = std::chrono::ceil<std::chrono::milliseconds>(when - std::chrono::steady_clock::now());
    return int(std::max<std::int64_t>(0, left.count()));
  }

  int epoll_, wake_;
  std::mutex mutex_;
  std::deque<std::coroutine_handle<>> ready_;
  std::multimap<std::chrono::steady_clock::time_point, std::coroutine_handle<>> timers_;
};

// A thread that runs jobs, one after the other, until it goes.
class worker {
public:
  worker() : thread_([this] { work(); }) {}
  ~worker() {
    post(nullptr);
    thread_.join();
  }
  worker(const worker &) = delete;
  void post(std::function<void()> job) {
    std::lock_guard guard(mutex_);
    jobs_.push_back(std::move(job));
    changed_.notify_one();
  }

private:
  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !jobs_.empty(); });
      std::function<void()> job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      if (!job)
        return;
      job();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::thread thread_; // last: it uses the others
};

// A pipe that nobody writes to.
struct silent_pipe {
  silent_pipe() {
    if (pipe(ends) != 0)
      std::abort();
  }
  ~silent_pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  silent_pipe(const silent_pipe &) = delete;
  int ends[2];
};

// An awaitable whose readiness is decided when it is made.
struct maybe_ready {
  loop &on;
  bool ready;
  bool await_ready() const noexcept { return ready; }
  void await_suspend(std::coroutine_handle<> waiting) { on.post(waiting); }
  void await_resume() const noexcept {}
};

// Keeps the optimizer from knowing a value.
inline bool opaque(bool value) {
  volatile bool hidden = value;
  return hidden;
}

} // namespace own

#endif
