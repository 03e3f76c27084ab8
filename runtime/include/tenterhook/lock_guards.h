// std::lock_guard, std::unique_lock, std::shared_lock and std::scoped_lock of the traced locks (mutex.h,
// shared_mutex.h): the same interfaces, and one default argument more, so that the trace names the line that locks and
// not one inside of <mutex>.
//
// Programs include mutex.h or shared_mutex.h, not this. Specializing these templates for a program's own types is
// allowed as long as the requirements of the primary template hold ([namespace.std]); they do. A std::scoped_lock of
// several locks and std::lock() are those of the standard library: their events are at places in its headers.
#ifndef TENTERHOOK_LOCK_GUARDS_H
#define TENTERHOOK_LOCK_GUARDS_H

#include <tenterhook/detail/saturate.h>

#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <source_location>
#include <system_error>
#include <utility>

namespace tenterhook::detail {

// A lock of this library: its lock() and unlock() take a place.
template <typename M>
concept traced_lock = requires { typename M::tenterhook_traced; };

template <typename M> class placed_guard {
public:
  using mutex_type = M;
  explicit placed_guard(M &mutex, std::source_location place = std::source_location::current()) : mutex_(mutex) {
    mutex_.lock(place);
  }
  placed_guard(M &mutex, std::adopt_lock_t) noexcept : mutex_(mutex) {}
  placed_guard(const placed_guard &) = delete;
  placed_guard &operator=(const placed_guard &) = delete;
  ~placed_guard() { mutex_.unlock(); }

private:
  M &mutex_;
};

// What std::unique_lock and std::shared_lock have in common. `Shared` chooses lock() or lock_shared().
template <typename M, bool Shared> class placed_lock {
  using place = std::source_location;

public:
  using mutex_type = M;

  placed_lock() noexcept = default;
  explicit placed_lock(M &mutex, place at = place::current()) : mutex_(&mutex) { lock(at); }
  placed_lock(M &mutex, std::defer_lock_t) noexcept : mutex_(&mutex) {}
  placed_lock(M &mutex, std::try_to_lock_t, place at = place::current()) : mutex_(&mutex) { (void)try_lock(at); }
  placed_lock(M &mutex, std::adopt_lock_t) noexcept : mutex_(&mutex), owns_(true) {}
  template <typename Rep, typename Period>
  placed_lock(M &mutex, const std::chrono::duration<Rep, Period> &timeout, place at = place::current()) : mutex_(&mutex) {
    (void)try_lock_for(timeout, at);
  }
  template <typename Clock, typename Duration>
  placed_lock(M &mutex, const std::chrono::time_point<Clock, Duration> &deadline, place at = place::current()) : mutex_(&mutex) {
    (void)try_lock_until(deadline, at);
  }
  placed_lock(placed_lock &&other) noexcept
      : mutex_(std::exchange(other.mutex_, nullptr)), owns_(std::exchange(other.owns_, false)) {}
  placed_lock &operator=(placed_lock &&other) noexcept {
    placed_lock(std::move(other)).swap(*this);
    return *this;
  }
  ~placed_lock() {
    if (owns_)
      give_back(place::current());
  }

  void lock(place at = place::current()) {
    require_lockable();
    if constexpr (Shared)
      mutex_->lock_shared(at);
    else
      mutex_->lock(at);
    owns_ = true;
  }
  [[nodiscard]] bool try_lock(place at = place::current()) {
    require_lockable();
    if constexpr (Shared)
      owns_ = mutex_->try_lock_shared(at);
    else
      owns_ = mutex_->try_lock(at);
    return owns_;
  }
  template <typename Rep, typename Period>
  [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period> &timeout, place at = place::current()) {
    return try_lock_until(time_after(timeout), at);
  }
  template <typename Clock, typename Duration>
  [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration> &deadline, place at = place::current()) {
    require_lockable();
    if constexpr (Shared)
      owns_ = mutex_->try_lock_shared_until(deadline, at);
    else
      owns_ = mutex_->try_lock_until(deadline, at);
    return owns_;
  }
  void unlock(place at = place::current()) {
    if (!owns_)
      throw std::system_error(std::make_error_code(std::errc::operation_not_permitted));
    owns_ = false;
    give_back(at);
  }

  void swap(placed_lock &other) noexcept {
    std::swap(mutex_, other.mutex_);
    std::swap(owns_, other.owns_);
  }
  M *release() noexcept {
    owns_ = false;
    return std::exchange(mutex_, nullptr);
  }
  [[nodiscard]] bool owns_lock() const noexcept { return owns_; }
  explicit operator bool() const noexcept { return owns_; }
  M *mutex() const noexcept { return mutex_; }

private:
  void require_lockable() const {
    if (!mutex_)
      throw std::system_error(std::make_error_code(std::errc::operation_not_permitted));
    if (owns_)
      throw std::system_error(std::make_error_code(std::errc::resource_deadlock_would_occur));
  }
  void give_back(place at) {
    if constexpr (Shared)
      mutex_->unlock_shared(at);
    else
      mutex_->unlock(at);
  }

  M *mutex_ = nullptr;
  bool owns_ = false;
};

} // namespace tenterhook::detail

namespace std {

template <tenterhook::detail::traced_lock M> class lock_guard<M> : public tenterhook::detail::placed_guard<M> {
public:
  using tenterhook::detail::placed_guard<M>::placed_guard;
};

template <tenterhook::detail::traced_lock M> class scoped_lock<M> : public tenterhook::detail::placed_guard<M> {
public:
  using tenterhook::detail::placed_guard<M>::placed_guard;
  explicit scoped_lock(adopt_lock_t tag, M &mutex) noexcept : tenterhook::detail::placed_guard<M>(mutex, tag) {}
};

template <tenterhook::detail::traced_lock M> class unique_lock<M> : public tenterhook::detail::placed_lock<M, false> {
public:
  using tenterhook::detail::placed_lock<M, false>::placed_lock;
};

template <tenterhook::detail::traced_lock M> class shared_lock<M> : public tenterhook::detail::placed_lock<M, true> {
public:
  using tenterhook::detail::placed_lock<M, true>::placed_lock;
};

} // namespace std

#endif
