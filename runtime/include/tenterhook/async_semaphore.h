// async_semaphore: lets a number of coroutines in at once, or counts what is there.
//
//   async_semaphore::permit turn = co_await connections.acquire(); // given back at the end of the scope
//
// Fair: first come, first served. Threads: any. Must outlive its permits and who waits.
// Resume thread: who waited goes on on its own executor; a free permit is taken in place.
// Cancellation: a stop request ends the wait with `cancelled`; no permit is lost.
#ifndef TENTERHOOK_ASYNC_SEMAPHORE_H
#define TENTERHOOK_ASYNC_SEMAPHORE_H

#include <tenterhook/detail/async_wait.h>

namespace tenterhook {

class async_semaphore {
public:
  explicit async_semaphore(std::size_t permits) noexcept : count(permits) {}
  async_semaphore(const async_semaphore &) = delete;
  async_semaphore &operator=(const async_semaphore &) = delete;

  class [[nodiscard]] permit {
  public:
    permit() noexcept = default;
    permit(permit &&other) noexcept : semaphore(std::exchange(other.semaphore, nullptr)) {}
    permit &operator=(permit &&other) noexcept {
      std::swap(semaphore, other.semaphore);
      return *this;
    }
    ~permit() {
      if (semaphore)
        semaphore->release();
    }
    explicit operator bool() const noexcept { return semaphore != nullptr; }
    // Keeps it taken: somebody else will call release().
    void keep() && noexcept { semaphore = nullptr; }

  private:
    friend async_semaphore;
    explicit permit(async_semaphore &of) noexcept : semaphore(&of) {}
    async_semaphore *semaphore = nullptr;
  };

  class [[nodiscard]] awaiter : public detail::async_wait {
  public:
    static constexpr trace::Wait wait_kind = trace::Wait::lock;
    explicit awaiter(async_semaphore &of) noexcept : async_wait(of.guard, of.line), semaphore(of) {}
    awaiter(awaiter &&) = default;
    ~awaiter() {
      withdraw([this] { semaphore.give(1); });
    }
    bool await_ready() noexcept {
      std::lock_guard lock(semaphore.guard);
      return semaphore.take();
    }
    template <typename Promise> bool await_suspend(std::coroutine_handle<Promise> handle) {
      return wait_unless(handle, [this] { return semaphore.take(); });
    }
    permit await_resume() {
      take();
      return permit(semaphore);
    }

  private:
    async_semaphore &semaphore;
  };

  awaiter acquire() noexcept { return awaiter(*this); }
  permit try_acquire() noexcept {
    std::lock_guard lock(guard);
    return take() ? permit(*this) : permit();
  }
  void release(std::size_t permits = 1) noexcept {
    std::lock_guard lock(guard);
    give(permits);
  }
  std::size_t available() const noexcept {
    std::lock_guard lock(guard);
    return count;
  }

private:
  // Both under the guard.
  void give(std::size_t permits) noexcept {
    for (; permits && !line.empty(); --permits)
      line.first->grant();
    count += permits;
  }
  bool take() noexcept {
    if (!count || !line.empty())
      return false;
    --count;
    return true;
  }

  mutable std::mutex guard;
  std::size_t count;
  detail::async_line line;
};

} // namespace tenterhook

#endif
