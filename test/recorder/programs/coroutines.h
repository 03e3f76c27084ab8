// What the recorder's own test programs share: a coroutine type, a loop on epoll, and an await that goes through the
// loop.
#pragma once
#include <coroutine>
#include <cstdint>
#include <deque>
#include <exception>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

// One thread, an event queue and coroutines that wait for the next turn.
class Loop {
public:
  Loop() {
    epoll_event event{EPOLLIN, {}};
    epoll_ctl(queue_, EPOLL_CTL_ADD, wake_, &event);
  }
  ~Loop() {
    close(queue_);
    close(wake_);
  }

  struct Turn {
    Loop &loop;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
      loop.waiting_.push_back(handle);
      std::uint64_t one = 1;
      if (write(loop.wake_, &one, sizeof one) != sizeof one) std::terminate();
    }
    void await_resume() {}
  };
  Turn turn() { return {*this}; }

  void run() {
    while (!waiting_.empty()) {
      epoll_event event;
      int ready = epoll_wait(queue_, &event, 1, -1);
      if (ready < 0) continue;
      std::uint64_t count;
      if (read(wake_, &count, sizeof count) != sizeof count) std::terminate();
      std::deque<std::coroutine_handle<>> now;
      now.swap(waiting_);
      for (std::coroutine_handle<> handle : now) handle.resume();
    }
  }

private:
  int queue_ = epoll_create1(EPOLL_CLOEXEC), wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  std::deque<std::coroutine_handle<>> waiting_;
};
