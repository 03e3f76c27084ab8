// Locks that are awaited, under the names of libraries that the models know. Own code: declarations only.
#pragma once
#include <coroutine>
#include <mutex>

namespace fake {
template <class T> struct lock_awaiter {
  bool await_ready() const noexcept;
  bool await_suspend(std::coroutine_handle<>) noexcept;
  T await_resume();
};
} // namespace fake
namespace coro {
class scoped_lock {
public:
  explicit scoped_lock(class mutex &m);
  scoped_lock(scoped_lock &&);
  ~scoped_lock();
  void unlock();
};
class mutex {
public:
  fake::lock_awaiter<scoped_lock> lock();
  fake::lock_awaiter<scoped_lock> scoped_lock();
  bool try_lock();
  void unlock();
};
} // namespace coro
namespace cppcoro {
class async_mutex;
class async_mutex_lock {
public:
  explicit async_mutex_lock(async_mutex &m, std::adopt_lock_t) noexcept;
  async_mutex_lock(async_mutex_lock &&) noexcept;
  ~async_mutex_lock();
};
class async_mutex {
public:
  fake::lock_awaiter<void> lock_async();
  fake::lock_awaiter<async_mutex_lock> scoped_lock_async();
  bool try_lock();
  void unlock();
};
} // namespace cppcoro
namespace folly::coro {
class Mutex {
public:
  fake::lock_awaiter<void> co_lock();
  fake::lock_awaiter<std::unique_lock<Mutex>> co_scoped_lock();
  bool try_lock();
  void unlock();
};
} // namespace folly::coro
