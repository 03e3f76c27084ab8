// System calls for the writer, made without libc's functions: those are what the recorder interposes and the sanitizers
// intercept, and some are no calls for a signal handler. Errors come back as -errno. Private to runtime/trace.
#ifndef TENTERHOOK_RUNTIME_TRACE_SYSTEM_H
#define TENTERHOOK_RUNTIME_TRACE_SYSTEM_H

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_THREAD__)
#define TENTERHOOK_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TENTERHOOK_TSAN 1
#endif
#endif

namespace tenterhook::trace::detail {

inline long system_call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) noexcept {
#if defined(__x86_64__)
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
#else
  long result = ::syscall(number, a, b, c, d, e, f);
  return result == -1 ? -errno : result;
#endif
}
template <typename T> inline long word(T *pointer) noexcept { return reinterpret_cast<long>(pointer); }

// Of what each process writes to as it begins, forks and ends: on one page, as each is copied or made then.
#define TENTERHOOK_WRITTEN_BY_FORK __attribute__((section("tenterhook_fork")))

inline std::uint32_t process_id() noexcept { return std::uint32_t(system_call(SYS_getpid)); }
inline std::uint32_t thread_id() noexcept { return std::uint32_t(system_call(SYS_gettid)); }

inline void futex_wait(std::atomic<std::uint32_t> &at, std::uint32_t seen, std::uint64_t nanoseconds) noexcept {
  timespec limit{std::time_t(nanoseconds / 1'000'000'000), long(nanoseconds % 1'000'000'000)};
  system_call(SYS_futex, word(&at), FUTEX_WAIT_PRIVATE, seen, word(&limit));
}
inline void futex_wake(std::atomic<std::uint32_t> &at) noexcept {
  system_call(SYS_futex, word(&at), FUTEX_WAKE_PRIVATE, 1 << 30);
}

inline void pause_for(long nanoseconds) noexcept {
  timespec moment{0, nanoseconds};
  system_call(SYS_nanosleep, word(&moment));
}
// A thread of this process that is at its end is counted by the kernel for a moment longer. (Another may get its number at once;
// so not for ever.)
inline void wait_for_end(std::uint32_t thread) noexcept {
  for (int i = 0; i < 2000 && system_call(SYS_tgkill, process_id(), thread, 0) == 0; ++i)
    pause_for(50'000);
}

// What tells threads apart without asking the kernel, which a sandbox may not allow: where they have their variables.
inline const void *this_thread() noexcept {
  static thread_local char mark __attribute__((tls_model("initial-exec")));
  return &mark;
}

// A mutex that no interposer sees, whose owner can be asked for and which a forked child can make free. Taking it when it is
// free is no system call.
class Lock {
  std::atomic<std::uint32_t> state{0}; // 0 free, 1 held, 2 held and waited for
  std::atomic<const void *> owner{nullptr};

public:
  bool try_lock() noexcept {
    std::uint32_t expected = 0;
    if (!state.compare_exchange_strong(expected, 1, std::memory_order_acquire))
      return false;
    owner.store(this_thread(), std::memory_order_relaxed);
    return true;
  }
  void lock() noexcept {
    if (try_lock())
      return;
    while (state.exchange(2, std::memory_order_acquire) != 0)
      futex_wait(state, 2, 100'000'000);
    owner.store(this_thread(), std::memory_order_relaxed);
  }
  // For a process that is about to die: false if the lock is not to be had.
  bool lock_within(std::uint64_t nanoseconds) noexcept {
    for (std::uint64_t waited = 0; !try_lock(); waited += 1'000'000) {
      if (waited >= nanoseconds)
        return false;
      timespec pause{0, 1'000'000};
      system_call(SYS_nanosleep, word(&pause));
    }
    return true;
  }
  void unlock() noexcept {
    owner.store(nullptr, std::memory_order_relaxed);
    if (state.exchange(0, std::memory_order_release) == 2)
      futex_wake(state);
  }
  bool is_mine() const noexcept { return owner.load(std::memory_order_relaxed) == this_thread(); }
  void reset() noexcept {
    owner.store(nullptr, std::memory_order_relaxed);
    state.store(0, std::memory_order_release);
  }
};

class Guard {
  Lock &held;

public:
  explicit Guard(Lock &lock) noexcept : held(lock) { held.lock(); }
  ~Guard() { held.unlock(); }
  Guard(const Guard &) = delete;
  Guard &operator=(const Guard &) = delete;
};

// CRC-32C (Castagnoli), as in the chunk headers.
std::uint32_t crc32c(const void *bytes, std::size_t size) noexcept;

inline std::uint64_t mix(std::uint64_t x) noexcept {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93u;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93u;
  return x ^ (x >> 32);
}

} // namespace tenterhook::trace::detail

#endif
