// What when_all, when_any and timeout are made of: children that are started together, and a parent that goes on when
// all have ended.
//
// A child runs on the parent's thread and executor until it waits, like a child that is awaited. The last one to end
// continues the parent: in place if that is on the parent's executor, posted there if not. So children may end on any
// thread.
#ifndef TENTERHOOK_DETAIL_LATCH_H
#define TENTERHOOK_DETAIL_LATCH_H

#include <tenterhook/task.h>

#include <atomic>
#include <optional>
#include <tuple>
#include <vector>

namespace tenterhook::detail {

struct latch {
  std::atomic<std::size_t> left{1}; // children that run, and one for the parent until it has started all
  executor *home = nullptr;
  std::coroutine_handle<> parent;
  promise_base *parent_promise = nullptr; // null: a coroutine of another library
  resumption elsewhere;
  std::source_location place;

  // One has ended: the coroutine to go on with.
  std::coroutine_handle<> arrive() noexcept {
    if (left.fetch_sub(1, std::memory_order_acq_rel) != 1)
      return std::noop_coroutine();
    if (home == executor::current())
      return parent;
    elsewhere.suspend(parent, place);
    elsewhere.resume_on(home);
    return std::noop_coroutine();
  }
};

// One child and its result. Stays where it is from start() on. Its frame, with all that the task was given, ends with the
// task, and not when the others have ended too.
template <typename T> struct child : completion {
  explicit child(task<T> given) noexcept : body(std::move(given)) { assert(body && "a task that was moved from cannot run"); }
  child(child &&other) noexcept : body(std::move(other.body)) {} // before start()
  ~child() {
    if (frame)
      destroy_nested(frame, *owned_frame::child);
  }

  // `ended`, if any, is called first when it ends, on whatever thread that happens.
  void start(latch &counted, stop_scope *scope, void (*on_end)(void *, child &) noexcept = nullptr, void *with = nullptr) {
    whole = &counted;
    ended = on_end;
    context_of_ended = with;
    auto &promise = body.handle().promise();
    promise.awaited(counted.place);
    promise.home = as_root();
    promise.scope = scope;
    begin(body.release(), promise);
    if (counted.parent_promise)
      listed_in(*counted.parent_promise);
    done = [](completion *base, promise_base &of) noexcept {
      auto *self = static_cast<child *>(base);
      self->came_to.take_over(static_cast<detail::promise<T> &>(of).result);
      std::exchange(self->frame, nullptr).destroy();
      if (self->ended)
        self->ended(self->context_of_ended, *self);
      return self->whole->arrive();
    };
    counted.left.fetch_add(1, std::memory_order_relaxed);
    frame.resume();
  }
  outcome<T> &result() noexcept { return came_to; } // once it has ended

  task<T> body; // before start()
  outcome<T> came_to;
  latch *whole = nullptr;
  void (*ended)(void *, child &) noexcept = nullptr;
  void *context_of_ended = nullptr;
};

// A child may start children at once, and so on: beyond some depth a start is put off until the one at that depth has
// come back to its thread. The frame that lies in it waits meanwhile, and nobody destroys it: its parent has not
// started all.
struct nested_start {
  void (*start_later)(nested_start *) noexcept = nullptr;
  nested_start *next = nullptr; // put off
  // False: put off. True: start now, and leave() when all were started.
  bool enter() noexcept;
  static void leave() noexcept;
};

// Awaited by the parent: calls `start`, which starts children under the latch, and waits for all of them.
template <typename Start> struct latch_awaiter : nested_start {
  static constexpr trace::Wait wait_kind = trace::Wait::task;
  std::source_location place;
  latch &counted;
  Start start;
  stop_scope *scope = nullptr;

  latch_awaiter(latch &l, Start s) : counted(l), start(std::move(s)) {}
  latch_awaiter(const latch_awaiter &) = delete;
  bool await_ready() const noexcept { return false; }
  template <typename Promise> bool await_suspend(std::coroutine_handle<Promise> handle) {
    counted.parent = handle;
    counted.home = executor::current();
    counted.place = place;
    if constexpr (std::is_base_of_v<promise_base, Promise>) {
      counted.parent_promise = &handle.promise();
      scope = handle.promise().scope;
    }
    if (!enter()) {
      start_later = [](nested_start *base) noexcept {
        auto *self = static_cast<latch_awaiter *>(base);
        if (!self->start_all())
          self->counted.parent.resume();
      };
      return true;
    }
    struct leaves {
      ~leaves() { leave(); }
    } after;
    return start_all();
  }
  // False: all ended at once.
  bool start_all() {
    latch &all = counted; // afterwards the awaiter may be gone
    start(scope);
    return all.left.fetch_sub(1, std::memory_order_acq_rel) != 1;
  }
  void await_resume() const noexcept {
    if (counted.parent_promise) // all have ended: they wait for nothing
      counted.parent_promise->children = nullptr;
  }
};

// Several children, in a tuple or a vector.
template <typename... Ts> std::tuple<child<Ts>...> children_of(task<Ts> &&...tasks) {
  return std::tuple<child<Ts>...>(child<Ts>(std::move(tasks))...);
}
template <typename T> std::vector<child<T>> children_of(std::vector<task<T>> &&tasks) {
  std::vector<child<T>> children;
  children.reserve(tasks.size());
  for (task<T> &each : tasks)
    children.emplace_back(std::move(each));
  return children;
}
template <typename... Ts, typename F> void for_each_child(std::tuple<child<Ts>...> &children, F call) {
  std::apply([&](auto &...each) { (call(each), ...); }, children);
}
template <typename T, typename F> void for_each_child(std::vector<child<T>> &children, F call) {
  for (child<T> &each : children)
    call(each);
}

// Starts all of them in the parent's stop scope, and waits for their ends: `co_await all_ended(children, latch)`.
template <typename Children> auto all_ended(Children &children, latch &all) {
  auto start = [&children, &all](stop_scope *scope) { for_each_child(children, [&](auto &each) { each.start(all, scope); }); };
  return latch_awaiter<decltype(start)>(all, start);
}

// Forwards the stop requests of one scope to another.
struct scope_link {
  struct forward {
    stop_scope *to;
    void operator()() const noexcept { to->request_stop(); }
  };
  std::optional<std::stop_callback<forward>> link;
  void connect(stop_scope *from, stop_scope &to) {
    if (from)
      link.emplace(from->token(), forward{&to});
  }
};

} // namespace tenterhook::detail

#endif
