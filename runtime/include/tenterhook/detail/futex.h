// Sleeping until an int changes, with a timeout: what std::atomic::wait does, which has none. Linux.
#ifndef TENTERHOOK_DETAIL_FUTEX_H
#define TENTERHOOK_DETAIL_FUTEX_H

#include <atomic>
#include <chrono>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tenterhook::detail {

static_assert(sizeof(std::atomic<int>) == sizeof(int) && std::atomic<int>::is_always_lock_free);

// Returns when it was woken, when `word` is not `seen`, after `timeout` (negative: never), or for no reason.
inline void futex_wait(std::atomic<int> &word, int seen,
                       std::chrono::nanoseconds timeout = std::chrono::nanoseconds(-1)) noexcept {
  timespec relative{};
  relative.tv_sec = time_t(timeout.count() / 1'000'000'000);
  relative.tv_nsec = long(timeout.count() % 1'000'000'000);
  ::syscall(SYS_futex, reinterpret_cast<int *>(&word), FUTEX_WAIT_PRIVATE, seen, timeout.count() < 0 ? nullptr : &relative,
            nullptr, 0);
}
inline void futex_wake_one(std::atomic<int> &word) noexcept {
  ::syscall(SYS_futex, reinterpret_cast<int *>(&word), FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

} // namespace tenterhook::detail

#endif
