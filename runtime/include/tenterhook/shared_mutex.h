// shared_mutex: std::shared_mutex, whose use the trace shows (see mutex.h). Works with std::lock_guard,
// std::unique_lock and std::shared_lock.
//
//   tenterhook::shared_mutex m;
//   { std::shared_lock reader(m); use(count); }
//   { std::unique_lock writer(m); ++count; }
//
// Threads and errors: as std's. Who holds it shared is known to the holder's thread alone, so a shared lock that
// another thread gives back leaves an unlock event there and no foreign_unlock.
#ifndef TENTERHOOK_SHARED_MUTEX_H
#define TENTERHOOK_SHARED_MUTEX_H

#include <tenterhook/held_locks.h>
#include <tenterhook/lock_guards.h>

namespace tenterhook {

class shared_mutex {
  using place = std::source_location;

public:
  using tenterhook_traced = void;
  using native_type = std::shared_mutex;

  shared_mutex() noexcept = default;
  shared_mutex(const shared_mutex &) = delete;
  shared_mutex &operator=(const shared_mutex &) = delete;

  void lock(place at = place::current()) {
    if (!trace::active()) [[likely]]
      native_.lock();
    else
      owner_ = lock_traced(at, false);
  }
  [[nodiscard]] bool try_lock(place at = place::current()) noexcept {
    if (!native_.try_lock())
      return false;
    if (trace::active()) [[unlikely]]
      owner_ = detail::lock_tracer::locked(this, at, false, 0);
    return true;
  }
  void unlock(place at = place::current()) noexcept {
    if (owner_) [[unlikely]]
      detail::lock_tracer::unlocking(this, at, std::exchange(owner_, nullptr));
    native_.unlock();
  }

  void lock_shared(place at = place::current()) {
    if (!trace::active()) [[likely]]
      native_.lock_shared();
    else
      lock_traced(at, true);
  }
  [[nodiscard]] bool try_lock_shared(place at = place::current()) noexcept {
    if (!native_.try_lock_shared())
      return false;
    if (trace::active()) [[unlikely]]
      detail::lock_tracer::locked(this, at, true, 0);
    return true;
  }
  void unlock_shared(place at = place::current()) noexcept {
    if (held_lock_count() != 0 || trace::active()) [[unlikely]]
      detail::lock_tracer::unlocking(this, at, nullptr);
    native_.unlock_shared();
  }

  std::shared_mutex &native() noexcept { return native_; }

private:
  [[gnu::noinline]] detail::held_list *lock_traced(place at, bool shared) {
    detail::lock_tracer::about_to_lock(this, at);
    std::uint64_t waited = 0;
    if (!(shared ? native_.try_lock_shared() : native_.try_lock())) {
      std::uint64_t begin = trace::now();
      if (shared)
        native_.lock_shared();
      else
        native_.lock();
      waited = trace::now() - begin;
    }
    return detail::lock_tracer::locked(this, at, shared, waited);
  }

  std::shared_mutex native_;
  detail::held_list *owner_ = nullptr; // of the exclusive lock; guarded by it
};

} // namespace tenterhook

#endif
