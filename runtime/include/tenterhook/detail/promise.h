// The promise of task<T>: how its coroutine starts, awaits and ends, and the events that this leaves in the trace.
//
// Invariants: a promise with id 0 is not traced, whatever happens later; so with tracing off the hooks are a test of a
// word in the frame, and one relaxed load when the task is made. detail::context.task is this task's id exactly while
// its body runs. `home` is the executor of whoever awaits, or `as_root`, which equals none: then the end goes through
// `owner`, which is a completion.
#ifndef TENTERHOOK_DETAIL_PROMISE_H
#define TENTERHOOK_DETAIL_PROMISE_H

#include <tenterhook/detail/outcome.h>
#include <tenterhook/executor.h>
#include <tenterhook/held_locks.h>
#include <tenterhook/recycle.h>
#include <tenterhook/stop.h>

#include <coroutine>
#include <source_location>

namespace tenterhook {
template <typename T> class task;
}

namespace tenterhook::detail {

struct promise_base;
template <typename T> struct promise;

// Awaited by a task: its children share this scope from here on.
struct scope_setter {
  stop_scope *scope;
};

// Awaited by a task: gives its scope, or null. Does not suspend.
struct own_scope {};

// The frame of a child that has begun, in what its parent waits with. While it runs it is in its parent's list, so that
// a frame that waits can be destroyed from its innermost child outwards without recursion (destroy_nested): a child may
// refer to what lies in its parent. One that has ended may still be listed, without its frame.
struct owned_frame {
  std::coroutine_handle<> frame; // null: not begun, or destroyed
  promise_base *child = nullptr;
  promise_base *parent = nullptr; // null: a root, or a coroutine of another library awaits it
  owned_frame *next = nullptr;    // of the parent's children

  inline void begin(std::coroutine_handle<> began, promise_base &its) noexcept;
  inline void listed_in(promise_base &parents) noexcept;
};

// Destroys a frame that waits or has ended, and all that it waits for.
void destroy_nested(std::coroutine_handle<> frame, promise_base &) noexcept;
// Destroys one that has not begun. Its parameters may be tasks of that kind: what lies more than 200 deep in each other
// is destroyed behind the outer ones.
void destroy_unbegun(std::coroutine_handle<> frame, promise_base &) noexcept;

// Whom a task without an awaiting coroutine tells that it ended. Returns the coroutine to go on with.
struct completion : owned_frame {
  std::coroutine_handle<> (*done)(completion *, promise_base &) noexcept;
};

inline executor *as_root() noexcept { return reinterpret_cast<executor *>(1); }

struct promise_base {
  promise_base() noexcept = default;
  promise_base(const promise_base &) = delete;
  ~promise_base() {
    if (id) [[unlikely]]
      traced_destroy();
    if (has_hop) [[unlikely]]
      drop_hop();
  }

  static void *operator new(std::size_t size) { return recycled_allocate(size); }
  static void operator delete(void *frame, std::size_t size) noexcept { recycled_free(frame, size); }

  void ended() noexcept {
    if (id) [[unlikely]]
      traced_done();
  }
  void suspends(trace::Wait why, const std::source_location &at) noexcept {
    if (id) [[unlikely]] {
      trace::emit(trace::Kind::task_suspend, id, at, std::uint32_t(why));
      note_suspend(at, why);
      context.task = 0;
    }
  }
  void resumes(const std::source_location &at) noexcept {
    if (id) [[unlikely]] {
      context.task = context.last_task = id;
      trace::emit(trace::Kind::task_resume, id, at);
    }
  }
  void awaited(const std::source_location &at) noexcept {
    if (id) [[unlikely]]
      traced_awaited(at);
  }

  void traced_new(std::uint64_t creator, std::uint64_t ramp, std::uint64_t frame, const std::source_location &) noexcept;
  void traced_start() noexcept;
  void traced_done() noexcept;
  void traced_destroy() noexcept;
  void traced_awaited(const std::source_location &at) noexcept;
  std::coroutine_handle<> end_elsewhere() noexcept; // `home` is not the current executor
  void drop_hop() noexcept;

  std::coroutine_handle<> continuation;
  executor *home = nullptr;
  stop_scope *scope = nullptr;  // of the root above; null: cannot be told to stop
  owned_frame *owner = nullptr; // with as_root() a completion
  union {
    owned_frame *children = nullptr; // that it waits for
    resumption *hop;                 // has_hop: the continuation, on its way to its executor
    promise_base *next_dropped;      // of a task that was dropped before it began
  };
  std::uint64_t id = 0;
  std::source_location place; // the coroutine
  bool started = false, is_awaited = false, failed = false, is_done = false, has_hop = false;
};

inline void owned_frame::begin(std::coroutine_handle<> began, promise_base &its) noexcept {
  frame = began;
  child = &its;
  its.owner = this;
}
inline void owned_frame::listed_in(promise_base &parents) noexcept {
  parent = &parents;
  next = parents.children;
  parents.children = this;
}

// How a traced coroutine learns what it waits for: awaiters of this runtime say it in `wait_kind`.
template <typename Awaiter> constexpr trace::Wait wait_kind_of() {
  if constexpr (requires { std::remove_reference_t<Awaiter>::wait_kind; })
    return std::remove_reference_t<Awaiter>::wait_kind;
  else
    return trace::Wait::other;
}

template <typename T> struct child_awaiter : owned_frame {
  std::source_location place;

  child_awaiter(std::coroutine_handle<promise<T>> taken, std::source_location at) noexcept : place(at) { frame = taken; }
  child_awaiter(const child_awaiter &) = delete;
  ~child_awaiter() {
    if (frame)
      destroy_nested(frame, typed().promise());
  }

  bool await_ready() const noexcept { return false; }
  template <typename Parent> std::coroutine_handle<> await_suspend(std::coroutine_handle<Parent> waiting) noexcept {
    assert(frame && "this task was awaited before, or moved from");
    promise_base &started = typed().promise();
    begin(frame, started);
    started.continuation = waiting;
    started.home = context.here;
    if constexpr (std::is_base_of_v<promise_base, Parent>) {
      listed_in(waiting.promise());
      started.scope = parent->scope;
      if (started.id | parent->id) [[unlikely]] {
        started.awaited(place);
        parent->suspends(trace::Wait::task, place);
      }
    } else {
      started.awaited(place);
    }
    return frame;
  }
  T await_resume() {
    if (parent) {
      parent->children = next;
      parent->resumes(place);
    }
    return typed().promise().result.take();
  }

private:
  auto typed() const noexcept { return std::coroutine_handle<promise<T>>::from_address(frame.address()); }
};

// Any other awaitable, with the events around its suspension.
template <typename Awaiter> struct traced_awaiter {
  Awaiter inner; // a reference where the awaitable is its own awaiter: it lives until the end of the full expression
  promise_base &awaiting;
  std::source_location place;
  bool suspended = false;

  bool await_ready() noexcept(noexcept(inner.await_ready())) { return static_cast<bool>(inner.await_ready()); }
  template <typename Promise> auto await_suspend(std::coroutine_handle<Promise> handle) {
    suspended = true;
    if constexpr (requires { inner.place = place; })
      inner.place = place;
    awaiting.suspends(wait_kind_of<Awaiter>(), place); // before: afterwards this frame may run elsewhere, or be gone
    try {
      return inner.await_suspend(handle);
    } catch (...) { // the coroutine goes on with the exception, and await_resume() is not called
      awaiting.resumes(place);
      throw;
    }
  }
  decltype(auto) await_resume() {
    if (suspended)
      awaiting.resumes(place);
    return inner.await_resume();
  }
};

struct token_awaiter {
  stop_scope *scope;
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  std::stop_token await_resume() const { return scope ? scope->token() : std::stop_token(); }
};

struct scope_awaiter {
  stop_scope *scope;
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  stop_scope *await_resume() const noexcept { return scope; }
};

template <typename A>
concept has_member_co_await = requires(A &&a) { static_cast<A &&>(a).operator co_await(); };
template <typename A>
concept has_free_co_await = requires(A &&a) { operator co_await(static_cast<A &&>(a)); };

template <typename T> struct promise_of : promise_base {
  // Out of line, so that its return address lies in the ramp; the ramp's own return address lies in the caller. Where
  // the ramp was inlined into its caller, the debug information at the first has both (docs/design/runtime.md).
  [[gnu::noinline, gnu::cold]] void made(void *creator, void *frame, const std::source_location &where) noexcept {
    traced_new(reinterpret_cast<std::uint64_t>(creator), reinterpret_cast<std::uint64_t>(__builtin_return_address(0)),
               reinterpret_cast<std::uint64_t>(frame), where);
  }

  [[gnu::always_inline]] inline task<T> get_return_object(std::source_location where = std::source_location::current()) noexcept;

  struct start_awaiter {
    promise_base &started;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    void await_resume() const noexcept {
      if (started.id) [[unlikely]]
        started.traced_start();
    }
  };
  start_awaiter initial_suspend() noexcept { return {*this}; }

  struct end_awaiter {
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<promise<T>> ending) const noexcept {
      promise_base &promise = ending.promise();
      promise.ended();
      if (promise.home == context.here) [[likely]]
        return promise.continuation;
      return promise.end_elsewhere();
    }
    void await_resume() const noexcept {}
  };
  end_awaiter final_suspend() noexcept { return {}; }

  void unhandled_exception() noexcept {
    failed = true;
    result.fail(std::current_exception());
  }

  template <typename U>
  child_awaiter<U> await_transform(task<U> &&child, std::source_location at = std::source_location::current()) noexcept {
    return {child.release(), at};
  }
  template <typename U> void await_transform(task<U> &) = delete; // a task is awaited once: co_await std::move(it)

  token_awaiter await_transform(current_stop_token) noexcept { return {scope}; }
  scope_awaiter await_transform(own_scope) noexcept { return {scope}; }
  std::suspend_never await_transform(scope_setter given) noexcept {
    scope = given.scope;
    return {};
  }

  template <typename Awaitable>
    requires(!std::same_as<std::remove_cvref_t<Awaitable>, current_stop_token> &&
             !std::same_as<std::remove_cvref_t<Awaitable>, own_scope> &&
             !std::same_as<std::remove_cvref_t<Awaitable>, scope_setter>)
  auto await_transform(Awaitable &&awaitable, std::source_location at = std::source_location::current()) {
    if constexpr (has_member_co_await<Awaitable>) {
      using awaiter = decltype(static_cast<Awaitable &&>(awaitable).operator co_await());
      return traced_awaiter<awaiter>{static_cast<Awaitable &&>(awaitable).operator co_await(), *this, at};
    } else if constexpr (has_free_co_await<Awaitable>) {
      using awaiter = decltype(operator co_await(static_cast<Awaitable &&>(awaitable)));
      return traced_awaiter<awaiter>{operator co_await(static_cast<Awaitable &&>(awaitable)), *this, at};
    } else {
      return traced_awaiter<Awaitable &&>{static_cast<Awaitable &&>(awaitable), *this, at};
    }
  }

  outcome<T> result;
};

template <typename T> struct promise : promise_of<T> {
  template <typename U = T> void return_value(U &&value) { this->result.set(std::forward<U>(value)); }
};

template <> struct promise<void> : promise_of<void> {
  void return_void() noexcept { result.set(nothing{}); }
};

template <typename T> inline task<T> promise_of<T>::get_return_object(std::source_location where) noexcept {
  auto frame = std::coroutine_handle<promise<T>>::from_promise(static_cast<promise<T> &>(*this));
  if (trace::active()) [[unlikely]]
    made(__builtin_return_address(0), frame.address(), where);
  return task<T>(frame);
}

} // namespace tenterhook::detail

#endif
