// mutex, timed_mutex and recursive_mutex: std's, whose use the trace shows. Drop-in: they work with std::lock_guard,
// std::unique_lock, std::scoped_lock, std::lock and tenterhook::condition_variable.
//
//   tenterhook::mutex m;
//   { std::lock_guard guard(m); ++count; }
//
// While tracing is on, each leaves lock and unlock events with the caller's place, lock_wait where it had to wait, and
// lock_edge totals for the order in which locks are nested (with a gate: another lock that was held as well). Unlocking
// by another thread than locked is undefined, as with std; the trace then says foreign_unlock. A recursive_mutex leaves
// events for its outermost lock alone. While tracing is off the cost is that of std's and two loads.
//
// Threads: as std's. Errors: as std's (std::system_error). `native()` is the lock inside, for what needs std's type;
// what is done with it is not in the trace.
#ifndef TENTERHOOK_MUTEX_H
#define TENTERHOOK_MUTEX_H

#include <tenterhook/detail/saturate.h>
#include <tenterhook/held_locks.h>
#include <tenterhook/lock_guards.h>

namespace tenterhook {

namespace detail {

template <typename Native> class traced_mutex {
  using place = std::source_location;

public:
  using tenterhook_traced = void;
  using native_type = Native;

  constexpr traced_mutex() noexcept = default;
  traced_mutex(const traced_mutex &) = delete;
  traced_mutex &operator=(const traced_mutex &) = delete;

  void lock(place at = place::current()) {
    if (trace::active()) [[unlikely]]
      return lock_traced(at);
    native_.lock();
    if constexpr (recursive)
      ++depth_;
  }

  [[nodiscard]] bool try_lock(place at = place::current()) noexcept {
    if (!native_.try_lock())
      return false;
    taken(at, 0);
    return true;
  }

  template <typename Rep, typename Period>
  [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period> &timeout, place at = place::current()) {
    return try_lock_until(time_after(timeout), at);
  }
  template <typename Clock, typename Duration>
  [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration> &deadline, place at = place::current()) {
    if (try_lock(at))
      return true;
    std::uint64_t begin = trace::active() ? trace::now() : 0;
    if (!native_.try_lock_until(saturated(deadline)))
      return false;
    taken(at, begin ? trace::now() - begin : 0);
    return true;
  }

  void unlock(place at = place::current()) noexcept {
    bool outermost = true;
    if constexpr (recursive)
      outermost = --depth_ == 0;
    if (owner_ && outermost) [[unlikely]]
      unlock_traced(at);
    native_.unlock();
  }

  Native &native() noexcept { return native_; }

  // For condition_variable: the lock is about to be given up, and was taken again, by a wait at `at`.
  void before_wait(place at) noexcept {
    if (owner_) [[unlikely]]
      unlock_traced(at);
  }
  void after_wait(place at) noexcept { taken(at, 0); }

private:
  static constexpr bool recursive = std::is_same_v<Native, std::recursive_mutex>;

  [[gnu::noinline]] void lock_traced(place at) {
    if (native_.try_lock()) {
      // The order of nesting is the same fact whether or not it had to wait this time. Of a lock that this thread holds
      // already, there is none.
      if (!recursive || depth_ == 0)
        lock_tracer::about_to_lock(this, at);
      taken(at, 0);
      return;
    }
    lock_tracer::about_to_lock(this, at); // before the wait: a deadlock ends here
    std::uint64_t begin = trace::now();
    native_.lock();
    taken(at, trace::now() - begin);
  }

  // By the owner.
  void taken(const place &at, std::uint64_t waited) noexcept {
    if constexpr (recursive) {
      if (depth_++ != 0)
        return;
    }
    if (trace::active()) [[unlikely]]
      owner_ = lock_tracer::locked(this, at, false, waited);
  }
  [[gnu::noinline]] void unlock_traced(const place &at) noexcept {
    lock_tracer::unlocking(this, at, std::exchange(owner_, nullptr));
  }

  // In front of native_, whose lock word is its first: what a lock and unlock touch lies together.
  held_list *owner_ = nullptr; // whose list it is in; guarded by native_
  unsigned depth_ = 0;         // recursive: how often it is locked; guarded by native_
  Native native_;
};

} // namespace detail

class mutex : public detail::traced_mutex<std::mutex> {};
class timed_mutex : public detail::traced_mutex<std::timed_mutex> {};
class recursive_mutex : public detail::traced_mutex<std::recursive_mutex> {};

} // namespace tenterhook

#endif
