// What runs work: the interface between coroutines, loops and pools. Defines `work` (one unit, move-only), `work_list`
// (a queue of them that allocates nothing), `executor`, which executor and which task this thread runs now, and
// `resumption`: how a coroutine that waits for something is continued on the executor where it began to wait.
//
// An awaiter of one's own:
//
//   struct signal_awaiter {
//     signal &from;
//     resumption waiting;
//     std::source_location place;                            // filled by co_await
//     bool await_ready() const noexcept { return false; }
//     void await_suspend(std::coroutine_handle<> self) noexcept {
//       waiting.suspend(self, place);
//       from.notify = [this] { waiting.resume(); };          // once, from any thread
//     }
//     void await_resume() const noexcept {}
//   };
//
// Ownership: a `work` owns its item until it has run; dropping it unrun discards it (a callable is destroyed, a
// coroutine is left suspended: whoever owns the frame destroys it). Items of callables live on the heap and free
// themselves; items of coroutines lie in their frames, so posting a coroutine allocates nothing. Threads: `post` may be
// called by any thread; the rest of an item belongs to one thread at a time. Errors: running work must not throw; a
// callable that does ends the program (std::terminate), as in a std::thread.
#ifndef TENTERHOOK_EXECUTOR_H
#define TENTERHOOK_EXECUTOR_H

#include <tenterhook/recycle.h>

#include "trace/trace.h"

#include <cassert>
#include <concepts>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <source_location>
#include <type_traits>
#include <utility>

namespace tenterhook {

class executor;

// The intrusive part of a unit of work. `act` runs it, or with `run` false gives it up; either may free the item.
struct work_item {
  using action = void (*)(work_item *, bool run) noexcept;

  work_item *next = nullptr; // while in a list
  work_item *previous = nullptr;
  action act = nullptr;
  std::uint64_t id = 0;       // in the trace; 0: not traced as work (coroutines are traced as tasks)
  std::source_location place; // who submitted it, or the await it continues at: for traces and slow-callback warnings
};

// Owns one work_item. Empty after it was moved from, run or released.
class [[nodiscard]] work {
public:
  work() noexcept = default;
  explicit work(work_item *adopted) noexcept : item(adopted) {}
  work(work &&other) noexcept : item(std::exchange(other.item, nullptr)) {}
  work &operator=(work &&other) noexcept {
    std::swap(item, other.item);
    return *this;
  }
  ~work() {
    if (item)
      item->act(item, false);
  }

  // A callable, kept on the heap (recycled blocks). Its destruction, when it was run or not, happens where that is
  // decided.
  template <std::invocable F> static work of(F callable, std::source_location place = std::source_location::current());

  explicit operator bool() const noexcept { return item != nullptr; }
  work_item *release() noexcept { return std::exchange(item, nullptr); }
  work_item *get() const noexcept { return item; }

  // Leaves the submit event. Executors call this in post(), before another thread can see the work.
  void submitted(std::uint64_t executor_id) noexcept {
    if (item->id) [[unlikely]]
      trace::emit(trace::Kind::submit, item->id, item->place, std::uint32_t(executor_id));
  }

  // Runs it on this thread, between the events work_start and work_end if it is traced.
  void run() noexcept {
    work_item *ran = release();
    if (std::uint64_t id = ran->id) [[unlikely]] {
      trace::emit(trace::Kind::work_start, id, ran->place);
      ran->act(ran, true);
      trace::emit_at(trace::Kind::work_end, id, 0);
    } else {
      ran->act(ran, true);
    }
  }

private:
  work_item *item = nullptr;
};

// A queue of work, first in first out; owns what is in it. Not thread-safe. Any item can be taken out in O(1).
class work_list {
public:
  work_list() noexcept = default;
  work_list(work_list &&other) noexcept : first(std::exchange(other.first, nullptr)), last(std::exchange(other.last, nullptr)) {}
  work_list &operator=(work_list &&other) noexcept {
    std::swap(first, other.first);
    std::swap(last, other.last);
    return *this;
  }
  ~work_list() {
    while (first)
      work dropped = pop();
  }

  bool empty() const noexcept { return first == nullptr; }
  void push(work added) noexcept {
    work_item *item = added.release();
    item->next = nullptr;
    item->previous = last;
    (last ? last->next : first) = item;
    last = item;
  }
  work pop() noexcept { // of a list that is not empty
    work_item *item = first;
    first = item->next;
    (first ? first->previous : last) = nullptr;
    return work(item);
  }
  void append(work_list &&other) noexcept { // behind what is there
    if (!other.first)
      return;
    other.first->previous = last;
    (last ? last->next : first) = std::exchange(other.first, nullptr);
    last = std::exchange(other.last, nullptr);
  }
  // Looks from both ends: who takes out many, in their order or against it, finds each at once.
  bool contains(const work_item &item) const noexcept {
    for (const work_item *front = first, *back = last; front; front = front->next, back = back->previous) {
      if (front == &item || back == &item)
        return true;
      if (front == back || front->next == back) // they have met
        return false;
    }
    return false;
  }
  void remove(work_item &item) noexcept { // an item that is in this list; it is not discarded
    (item.previous ? item.previous->next : first) = item.next;
    (item.next ? item.next->previous : last) = item.previous;
  }

private:
  work_item *first = nullptr, *last = nullptr;
};

namespace detail {
struct thread_context {
  executor *here = nullptr;
  std::uint64_t task = 0;
  std::uint64_t last_task = 0; // the one that ran last, for who looks at a slice when it is over
};
struct roster;
// constinit and initial-exec: a load relative to the thread pointer, no guard and no call.
extern constinit thread_local thread_context context __attribute__((tls_model("initial-exec")));
} // namespace detail

// A spawned task ended with an exception (other than `cancelled`), and its handle was detached or dropped unawaited.
struct lost_exception {
  std::exception_ptr error;
  std::source_location place; // of the spawn
};
namespace detail {
void report(const lost_exception &) noexcept; // a line on stderr
}

// Something that runs work, on one thread (event_loop) or on several (thread_pool). Not owned by what is posted to it;
// must outlive it.
class executor {
public:
  executor() noexcept : number(trace::new_id()) {}
  executor(const executor &) = delete;
  executor &operator=(const executor &) = delete;

  // Queues it; never runs it before returning. Any thread. After the executor has shut down, it is discarded.
  virtual void post(work) noexcept = 0;

  // Takes a queued item of a coroutine out again, because its frame is destroyed; called on a thread of this executor
  // only. An executor that cannot do so ends the program: the frame would be resumed after its end.
  virtual void forget(work_item &) noexcept;

  // Told of it on a thread of this executor, or not at all (spawn.h). As it stands: one line on stderr.
  virtual void lost(const lost_exception &) noexcept;

  // What this executor is called in traces.
  std::uint64_t id() const noexcept { return number; }

  // The one whose work this thread runs now; null outside of all.
  static executor *current() noexcept { return detail::context.here; }

  // Where tasks that were spawned here are listed while they run; null: nowhere (they end by themselves).
  detail::roster *spawned_tasks() const noexcept { return spawned; }

protected:
  ~executor() = default;
  detail::roster *spawned = nullptr;

private:
  const std::uint64_t number;
};

// Makes `executor` the current one of this thread for a scope (around a loop's run or a worker's life; they nest).
class executor_scope {
public:
  explicit executor_scope(executor &entered) noexcept : before(std::exchange(detail::context.here, &entered)) {}
  executor_scope(const executor_scope &) = delete;
  executor_scope &operator=(const executor_scope &) = delete;
  ~executor_scope() { detail::context.here = before; }

private:
  executor *before;
};

namespace detail {
// The executor of this thread. Throws std::logic_error where there is none; `what` needs one.
executor &this_executor(const char *what);
} // namespace detail

// The trace id of the task whose body this thread runs now; 0 outside of tasks, and for tasks made while tracing was
// off.
inline std::uint64_t current_task() noexcept { return detail::context.task; }

// The place of a coroutine that waits, to continue it: lies in the awaiter. Begin with suspend(); whoever completes the
// wait calls resume() once, from any thread; the coroutine then goes on by way of the executor it suspended on, or
// within resume() where it suspended on none. Between the two the completer holds the awaiter's address: it must be
// told (under its lock) if the awaiter is destroyed before. If it is destroyed after resume() and before it ran, it is
// taken out of the queue; that must happen on the executor's thread.
class resumption : private work_item {
public:
  resumption() noexcept = default;
  resumption(const resumption &) = delete;
  resumption &operator=(const resumption &) = delete;
  ~resumption() {
    if (queued)
      home->forget(*this);
  }

  void suspend(std::coroutine_handle<> waiting, std::source_location at) noexcept {
    handle = waiting;
    place = at;
    home = executor::current();
    act = [](work_item *item, bool run) noexcept {
      auto *self = static_cast<resumption *>(item);
      self->queued = false;
      if (run)
        self->handle.resume();
    };
  }
  void resume() noexcept { resume_on(home); }
  // On another executor than where it suspended; null: right here.
  void resume_on(executor *where) noexcept {
    home = where;
    if (!where) {
      handle.resume();
      return;
    }
    queued = true;
    where->post(work(this));
  }
  bool is_queued() const noexcept { return queued; }

private:
  std::coroutine_handle<> handle;
  executor *home = nullptr;
  bool queued = false;
};

namespace detail {
template <typename F> struct callable_item : work_item {
  F callable;
  explicit callable_item(F &&taken) : callable(std::move(taken)) {}
};
} // namespace detail

template <std::invocable F> work work::of(F callable, std::source_location place) {
  using item_type = detail::callable_item<F>;
  static_assert(alignof(item_type) <= alignof(std::max_align_t), "over-aligned callables are not supported: keep a pointer");
  void *memory = detail::recycled_allocate(sizeof(item_type));
  struct guard {
    void *memory;
    ~guard() {
      if (memory)
        detail::recycled_free(memory, sizeof(item_type));
    }
  } freed_on_throw{memory};
  auto *item = new (memory) item_type(std::move(callable));
  freed_on_throw.memory = nullptr;
  item->place = place;
  item->id = trace::active() ? trace::new_id() : 0;
  item->act = [](work_item *base, bool run) noexcept {
    auto *self = static_cast<item_type *>(base);
    if (run)
      std::move(self->callable)();
    self->~item_type();
    detail::recycled_free(self, sizeof(item_type));
  };
  return work(item);
}

} // namespace tenterhook

#endif
