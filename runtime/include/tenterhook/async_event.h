// async_event: a flag that coroutines wait for (asyncio.Event).
//
//   async_event started;
//   co_await started.wait();     // goes on once somebody has called started.set(); at once if that was before
//
// It stays set until clear(): who comes later does not wait, and set() lets all go on who wait.
// Threads: any. Must outlive who waits. Resume thread: who waited goes on on its own executor.
// Cancellation: a stop request ends the wait with `cancelled`.
#ifndef TENTERHOOK_ASYNC_EVENT_H
#define TENTERHOOK_ASYNC_EVENT_H

#include <tenterhook/detail/async_wait.h>

namespace tenterhook {

class async_event {
public:
  explicit async_event(bool is_set_at_first = false) noexcept : flag(is_set_at_first) {}
  async_event(const async_event &) = delete;
  async_event &operator=(const async_event &) = delete;

  class [[nodiscard]] awaiter : public detail::async_wait {
  public:
    static constexpr trace::Wait wait_kind = trace::Wait::other;
    explicit awaiter(async_event &of) noexcept : async_wait(of.guard, of.line), event(of) {}
    awaiter(awaiter &&) = default;
    ~awaiter() {
      withdraw([] {}); // all others were told as well
    }
    bool await_ready() const noexcept { return event.is_set(); }
    template <typename Promise> bool await_suspend(std::coroutine_handle<Promise> handle) {
      return wait_unless(handle, [this] { return event.flag; });
    }
    void await_resume() { take(); }

  private:
    async_event &event;
  };

  awaiter wait() noexcept { return awaiter(*this); }
  void set() noexcept {
    std::lock_guard lock(guard);
    flag = true;
    while (!line.empty())
      line.first->grant();
  }
  void clear() noexcept {
    std::lock_guard lock(guard);
    flag = false;
  }
  bool is_set() const noexcept {
    std::lock_guard lock(guard);
    return flag;
  }

private:
  mutable std::mutex guard;
  bool flag;
  detail::async_line line;
};

} // namespace tenterhook

#endif
