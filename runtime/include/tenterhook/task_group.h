// with_task_group: tasks that end before the scope does, whatever happens in it (asyncio.TaskGroup, a nursery).
//
//   auto body = [](task_group &group) -> task<> {
//     group.spawn(save(1));
//     future<std::string> page = group.submit(fetch(url));
//     use(co_await std::move(page));
//   };
//   co_await with_task_group(body);                 // both have ended here
//
// The group's tasks run beside its body; they may start further ones in it. The first exception, of the body or of a task,
// asks all others to stop; all are waited for, then task_group_error is thrown with every exception that there was.
// Ownership: `body` is called once. It and the group live until the body and all tasks have ended, so a lambda may
// capture. What tasks borrow lives outside of the body's coroutine, whose locals end with it and before the tasks. Should
// the frame that awaits it be destroyed, its tasks are told to stop and not waited for; those that run on other threads may
// use the group until they end.
// Threads: spawn(), submit() and request_stop() by any thread, while the body or a task runs (afterwards `closed`). A task runs
// on the executor that is named, else the caller's. Resume thread: the parent goes on on its own executor.
// Errors: task_group_error, with one exception or several, in the order of their coming; never the bare exception, so
// that what one catches does not depend on who was first. `cancelled` of a task is what it was asked for, and no error. A
// task that was given to a pool or loop which was closed before the task began is an error of the group, and of its future:
// `closed`. One that is destroyed where it waits, with its pool or loop, leaves `cancelled` in its future.
// Cancellation: a stop request of the parent, and request_stop(), reach the body and all tasks; when all have ended, a
// parent that was told to stop gets `cancelled`, unless there are errors. So does the parent of a body that threw it unasked.
// What is started after a request is told at once.
#ifndef TENTERHOOK_TASK_GROUP_H
#define TENTERHOOK_TASK_GROUP_H

#include <tenterhook/detail/latch.h>
#include <tenterhook/future.h>
#include <tenterhook/shield.h>
#include <tenterhook/spawn.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tenterhook {

class task_group;

class task_group_error : public std::exception {
public:
  explicit task_group_error(std::vector<std::exception_ptr> all);
  const char *what() const noexcept override { return text.c_str(); } // one line, with what each of them says
  const std::vector<std::exception_ptr> &errors() const noexcept { return list; }

private:
  std::vector<std::exception_ptr> list;
  std::string text;
};

namespace detail {

template <typename F> struct group_of;

class group_state : public std::enable_shared_from_this<group_state> {
public:
  group_state() = default;
  group_state(const group_state &) = delete;

  void enter(); // throws closed
  void leave() noexcept;
  // One of them threw this: all others are asked to stop. False if it is `cancelled`, which is no error.
  bool failed(std::exception_ptr) noexcept;
  // The body has ended: ready when nothing runs any more.
  future<void> all_left() { return empty.get_future(); }
  void rethrow(); // after that

  stop_scope scope;

private:
  std::mutex guard;        // of all below; a leaf
  std::size_t running = 1; // with the body
  std::vector<std::exception_ptr> errors;
  tenterhook::promise<void> empty;
};

// Of a task whose executor was closed before it began.
std::exception_ptr never_begun();

// A task's share in its group, given back wherever its frame ends.
class group_share {
public:
  explicit group_share(group_state &entered) : group(entered.shared_from_this()) { group->enter(); }
  group_share(group_share &&) noexcept = default;
  ~group_share() {
    if (!group)
      return;
    if (!has_begun)
      group->failed(never_begun());
    group->leave();
  }
  std::shared_ptr<group_state> group;
  bool has_begun = false;
};

// The promise of a task's result. One whose frame is destroyed where it waits has none.
template <typename T> struct group_result {
  explicit group_result(tenterhook::promise<T> of) noexcept : made(std::move(of)) {}
  group_result(group_result &&) noexcept = default;
  ~group_result() {
    if (made)
      made.set_exception(has_begun ? std::make_exception_ptr(cancelled()) : never_begun());
  }
  tenterhook::promise<T> made;
  bool has_begun = false;
};

} // namespace detail

class task_group {
public:
  task_group(const task_group &) = delete;
  task_group &operator=(const task_group &) = delete;

  void spawn(task<> body, executor &home, std::source_location at = std::source_location::current()) {
    tenterhook::spawn(member(detail::group_share(state), std::move(body)), home, at).detach();
  }
  void spawn(task<> body, std::source_location at = std::source_location::current()) { spawn(std::move(body), here(), at); }
  // With its result. An exception is the group's as well as the future's, which may be dropped.
  template <typename T>
  future<T> submit(task<T> body, executor &home, std::source_location at = std::source_location::current()) {
    promise<T> made;
    future<T> result = made.get_future();
    tenterhook::spawn(member_with(detail::group_share(state), std::move(body), detail::group_result<T>(std::move(made))), home,
                      at)
        .detach();
    return result;
  }
  template <typename T> future<T> submit(task<T> body, std::source_location at = std::source_location::current()) {
    return submit(std::move(body), here(), at);
  }
  // Asks the body and all tasks to stop; that is no error. Any thread.
  void request_stop() noexcept { state.scope.request_stop(); }

private:
  template <typename F> friend struct detail::group_of;
  explicit task_group(detail::group_state &in) noexcept : state(in) {}

  static executor &here() {
    assert(executor::current() && "a task is started without an executor: name it");
    return *executor::current();
  }
  // The share comes first: it is destroyed last, after what the task holds.
  static task<> member(detail::group_share share, task<> body) {
    share.has_begun = true;
    detail::scope_link link;
    link.connect(&share.group->scope, *co_await detail::own_scope{});
    try {
      co_await std::move(body);
    } catch (...) {
      share.group->failed(std::current_exception());
    }
  }
  template <typename T> static task<> member_with(detail::group_share share, task<T> body, detail::group_result<T> result) {
    share.has_begun = result.has_begun = true;
    detail::scope_link link;
    link.connect(&share.group->scope, *co_await detail::own_scope{});
    try {
      if constexpr (std::is_void_v<T>) {
        co_await std::move(body);
        result.made.set_value();
      } else {
        T value = co_await std::move(body); // what the task was given ends here, before the result is seen
        result.made.set_value(std::forward<T>(value));
      }
    } catch (...) {
      share.group->failed(std::current_exception());
      result.made.set_exception(std::current_exception());
    }
  }

  detail::group_state &state; // in which it lies
};

namespace detail {
template <typename F> struct group_of : group_state {
  explicit group_of(F given) : body(std::move(given)) {}
  F body;
  task_group group{*this};
};

// The body's share in its group.
struct body_share {
  explicit body_share(group_state &in) noexcept : group(&in) {}
  body_share(const body_share &) = delete;
  ~body_share() { // the frame is destroyed
    if (!group)
      return;
    group->scope.request_stop();
    group->leave();
  }
  void leave() noexcept { std::exchange(group, nullptr)->leave(); }
  group_state *group;
};
} // namespace detail

// Runs `body`, which takes a task_group & and gives a task<>. It may be a plain function: what that throws is the
// body's exception.
template <typename F> task<> with_task_group(F body) {
  auto state = std::make_shared<detail::group_of<F>>(std::move(body));
  detail::body_share share(*state);
  stop_scope *own = co_await detail::own_scope{};
  detail::scope_link outer;
  outer.connect(own, state->scope);
  std::exception_ptr thrown;
  try {
    detail::child<void> main(state->body(state->group));
    detail::latch end;
    auto start = [&](stop_scope *) { main.start(end, &state->scope); };
    detail::latch_awaiter waiting(end, start);
    co_await waiting;
    thrown = main.result().exception();
  } catch (...) {
    thrown = std::current_exception();
  }
  bool asked = state->scope.stop_requested();
  bool stopped_unasked = thrown && !state->failed(std::move(thrown)) && !asked;
  future<void> all_left = state->all_left();
  share.leave();
  {
    shield_scope quiet = co_await shielded(); // requests to stop reach the tasks; this waits for their ends
    co_await std::move(all_left);
  }
  state->rethrow();
  if (stopped_unasked || (own && own->stop_requested()))
    throw cancelled();
}

} // namespace tenterhook

#endif
