// The base of awaiters that wait in line at an object: async_mutex, async_semaphore, async_queue.
//
// One std::mutex (`guard`) protects the object and its lines, and is held for a few instructions only. Who is granted
// something leaves the line and is posted under the guard, so whoever holds the guard knows that a waiter is either in
// the line or in its executor's queue. Who was posted takes the guard before it goes on: then the granter is out of the
// object, which may be destroyed. Stop callbacks run without the guard and then take it.
#ifndef TENTERHOOK_DETAIL_ASYNC_WAIT_H
#define TENTERHOOK_DETAIL_ASYNC_WAIT_H

#include <tenterhook/detail/promise.h>
#include <tenterhook/detail/test_window.h>

#include <mutex>
#include <optional>

namespace tenterhook::detail {

class async_wait;

// First in, first out; under the guard.
struct async_line {
  async_wait *first = nullptr, *last = nullptr;
  bool empty() const noexcept { return !first; }
  void push(async_wait &) noexcept;
  void remove(async_wait &) noexcept;
};

class async_wait {
public:
  std::source_location place;
  async_wait &operator=(const async_wait &) = delete;

  // Out of its line and on its way. Under the guard.
  void grant() noexcept {
    state = granted;
    line->remove(*this);
    waiter.resume();
    TENTERHOOK_TEST_WINDOW("async_wait::grant");
  }

protected:
  async_wait(std::mutex &of_object, async_line &at) noexcept : object_guard(of_object), line(&at) {}
  async_wait(async_wait &&other) noexcept // before it waits
      : place(other.place), object_guard(other.object_guard), line(other.line) {
    assert(!other.has_waited);
  }
  ~async_wait() = default; // derived ones call withdraw()

  // Under `lock`, with the object checked: stands in line until grant() or a stop request. False if that came already.
  template <typename Promise, typename Ready> bool wait_unless(std::coroutine_handle<Promise> handle, Ready ready) {
    this_executor("waiting in line (async_mutex, async_semaphore, async_queue)");
    waiter.suspend(handle, place);
    // Before standing in line: afterwards another thread may continue this coroutine at any time.
    if constexpr (std::is_base_of_v<promise_base, Promise>)
      if (stop_scope *scope = handle.promise().scope)
        callback.emplace(scope->token(), on_stop{this});
    std::lock_guard lock(object_guard);
    has_waited = true;
    if (state == stopped)
      return false;
    if (ready()) {
      state = granted; // a stop request that comes now is too late
      return false;
    }
    state = waiting;
    line->push(*this);
    return true;
  }
  // The wait is over: takes what was granted, or throws `cancelled`.
  void take() {
    callback.reset(); // no other thread is in the callback after this
    if (has_waited)
      std::lock_guard granter_is_out(object_guard);
    if (state == stopped) [[unlikely]]
      throw cancelled();
    state = idle;
  }
  // The awaiter is destroyed. Calls `give_back` under the guard if something was granted to it that it has not taken: that
  // is for the next in line then, or stays with the object.
  template <typename GiveBack> void withdraw(GiveBack give_back) noexcept {
    if (!has_waited)
      return;
    callback.reset();
    std::lock_guard lock(object_guard);
    if (state == waiting)
      line->remove(*this);
    if (std::exchange(state, idle) == granted)
      give_back();
  }

private:
  friend async_line;
  struct on_stop {
    async_wait *self;
    void operator()() const noexcept {
      std::lock_guard lock(self->object_guard);
      if (self->state == waiting) {
        self->line->remove(*self);
        self->state = stopped;
        self->waiter.resume();
      } else if (self->state == idle) {
        self->state = stopped;
      }
    }
  };

  std::mutex &object_guard;
  async_line *line;
  async_wait *next = nullptr, *previous = nullptr;
  resumption waiter;
  std::optional<std::stop_callback<on_stop>> callback;
  enum : unsigned char { idle, waiting, granted, stopped } state = idle; // under the guard, once it has waited
  bool has_waited = false;                                               // the coroutine's own
};

inline void async_line::push(async_wait &added) noexcept {
  added.next = nullptr;
  added.previous = last;
  (last ? last->next : first) = &added;
  last = &added;
}
inline void async_line::remove(async_wait &removed) noexcept {
  (removed.previous ? removed.previous->next : first) = removed.next;
  (removed.next ? removed.next->previous : last) = removed.previous;
}

} // namespace tenterhook::detail

#endif
