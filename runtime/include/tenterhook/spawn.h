// spawn: a task that runs beside its creator, and the handle that waits for it.
//
//   join_handle<int> sum = spawn(add_up(values));   // on the current executor; starts in its next round
//   co_await sleep_for(1ms);                        // it runs meanwhile
//   int total = co_await sum;
//
//   int total = spawn(add_up(values), loop).get();  // on a thread that runs no executor: `loop` runs on another one
//
// Ownership: the executor owns the running task, with all that it was given (a loop or a pool destroys unfinished ones
// with itself). All of that ends with the task, before who waits for it goes on; the handle keeps the result alone.
// detach(), and dropping the handle, leave the task running.
// Errors: who awaits gets the exception. Where nobody will, because the handle was detached or dropped, one other than
// `cancelled` goes to the executor's lost(): to event_loop_options::on_lost, else a line on stderr with the place of the
// spawn. A handle that is dropped after the end, elsewhere than on the task's executor, leaves the line on stderr.
// Threads: spawn() on any executor from any thread; the handle belongs to one thread at a time and is awaited once, or
// waited for with get() by a thread that nothing else needs: where an executor runs, that is std::logic_error.
// Resume thread: who awaits the handle goes on on its own executor. Cancellation: the task has a stop scope of its own:
// request_stop(). Stopping who awaits the handle stops the task.
#ifndef TENTERHOOK_SPAWN_H
#define TENTERHOOK_SPAWN_H

#include <tenterhook/block_event.h>
#include <tenterhook/task.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace tenterhook {

class event_loop;

namespace detail {

// Who waits for the end of a spawned task. `ended` is called once, on the task's executor, and may free it.
struct task_joiner {
  void (*ended)(task_joiner *) noexcept = nullptr;
};

struct any_source;
struct root_task;

// What depends on the type of a spawned task's result.
struct root_operations {
  void (*settle)(root_task &, promise_base &ended) noexcept; // takes the result out of the frame
  std::exception_ptr (*error)(const root_task &) noexcept;
  void (*free)(root_task &) noexcept;
};

// A spawned task: shared by who runs it and its handle; the last one frees it. The frame ends with the task, on the
// home's thread.
struct root_task : completion, work_item {
  root_task(const root_operations &, promise_base &, std::coroutine_handle<>, executor &, std::source_location) noexcept;

  bool is_done() const noexcept { return joiner.load(std::memory_order_acquire) == done_mark(); }
  static void *done_mark() noexcept { return reinterpret_cast<void *>(1); }
  void drop() noexcept {
    if (owners.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy();
  }
  void start() noexcept;
  // False if it is done already, or `waiting` will be told.
  bool join(task_joiner &waiting) noexcept;
  // `waiting` gives up. When this returns it was told, or will not be.
  void leave(task_joiner &waiting) noexcept;

  const root_operations &typed;
  promise_base &body; // while there is a frame
  executor &home;
  stop_scope scope;
  std::atomic<void *> joiner{nullptr}; // null, the task_joiner that waits, or done_mark()
  std::atomic<bool> joiner_told{false};
  std::atomic<unsigned> owners{2};
  bool observed = false;                                   // somebody took the result
  event_loop *stops_loop = nullptr;                        // run_until_complete
  bool is_listed = false;                                  // in the home's roster, while it runs
  root_task *next_listed = nullptr, **listed_at = nullptr; // there

  // Destroys the coroutine where it is; who waits for it gets `cancelled`. On the home's thread.
  void abandon() noexcept;

private:
  void finish() noexcept;
  void tell_joiner() noexcept;
  void destroy() noexcept;
};

template <typename T> struct root_task_of : root_task {
  root_task_of(promise<T> &promise, executor &where, std::source_location at) noexcept
      : root_task(operations, promise, std::coroutine_handle<detail::promise<T>>::from_promise(promise), where, at) {}
  outcome<T> came_to; // nothing: it runs, or was destroyed where it waited

private:
  static constexpr root_operations operations{
      [](root_task &self, promise_base &ended) noexcept {
        static_cast<root_task_of &>(self).came_to.take_over(static_cast<promise<T> &>(ended).result);
      },
      [](const root_task &self) noexcept { return static_cast<const root_task_of &>(self).came_to.exception(); },
      [](root_task &self) noexcept {
        static_cast<root_task_of &>(self).~root_task_of();
        recycled_free(&self, sizeof(root_task_of));
      }};
};

// For a thread without an executor.
void wait_for_end(root_task &, const std::source_location &at);

// The running tasks of an executor; of its thread alone, unless it is a shared_roster.
struct roster {
  root_task *first = nullptr;
  void add(root_task &added) noexcept {
    if (is_shared) [[unlikely]] {
      add_shared(added);
    } else {
      link(added);
      if (stopping) [[unlikely]]
        added.scope.request_stop();
    }
  }
  void remove(root_task &removed) noexcept {
    if (is_shared) [[unlikely]]
      remove_shared(removed);
    else
      unlink(removed);
  }
  // Of an executor of one thread: tells all of them to stop, and those that are added while `stopping` is true.
  void request_stop_of_all() noexcept;

  bool stopping = false; // who is added is told to stop; a shared_roster's: under its guard

protected:
  void link(root_task &added) noexcept {
    added.is_listed = true;
    added.next_listed = first;
    if (first)
      first->listed_at = &added.next_listed;
    first = &added;
    added.listed_at = &first;
  }
  static void unlink(root_task &removed) noexcept {
    removed.is_listed = false;
    *removed.listed_at = removed.next_listed;
    if (removed.next_listed)
      removed.next_listed->listed_at = removed.listed_at;
  }
  void add_shared(root_task &added) noexcept;
  void remove_shared(root_task &removed) noexcept;
  bool is_shared = false;
};

// That of an executor of several threads.
struct shared_roster : roster {
  shared_roster() noexcept { is_shared = true; }
  // Tells all of them to stop; with `and_later`, those that are added afterwards too. Stop callbacks run here.
  void request_stop(bool and_later);
  void wait_until_empty(block_event &);
  // Destroys all of them where they wait: none runs any more.
  void abandon_all() noexcept;

private:
  friend roster;
  std::mutex guard; // a leaf
  std::condition_variable emptied;
};

} // namespace detail

template <typename T = void> class [[nodiscard]] join_handle {
public:
  join_handle() noexcept = default;
  join_handle(join_handle &&other) noexcept : state(std::exchange(other.state, nullptr)) {}
  join_handle &operator=(join_handle &&other) noexcept {
    std::swap(state, other.state);
    return *this;
  }
  ~join_handle() {
    if (state)
      state->drop();
  }

  bool is_done() const noexcept { return state->is_done(); }
  // Any thread. The task sees it at its next wait.
  void request_stop() noexcept { state->scope.request_stop(); }
  // Blocks this thread until the task has ended, and takes its result: get() of asyncio.run_coroutine_threadsafe().
  T get(std::source_location at = std::source_location::current()) {
    detail::wait_for_end(*state, at);
    return take();
  }
  // Nobody will look at the result; see above for its exception.
  void detach() && noexcept { std::exchange(state, nullptr)->drop(); }

  class awaiter {
  public:
    static constexpr trace::Wait wait_kind = trace::Wait::task;
    std::source_location place;

    explicit awaiter(detail::root_task &joined) noexcept : state(joined) {}
    awaiter(const awaiter &) = delete;
    ~awaiter() {
      if (suspended)
        state.leave(waiter);
    }
    bool await_ready() const noexcept { return state.is_done(); }
    template <typename Promise> bool await_suspend(std::coroutine_handle<Promise> handle) {
      if constexpr (std::is_base_of_v<detail::promise_base, Promise>)
        if (handle.promise().scope)
          forward.emplace(handle.promise().scope->token(), stop{&state});
      waiter.coroutine.suspend(handle, place);
      suspended = true;
      return state.join(waiter);
    }
    T await_resume() {
      suspended = false;
      return take(state);
    }

  private:
    struct stop {
      detail::root_task *state;
      void operator()() const noexcept { state->scope.request_stop(); }
    };
    struct resumed : detail::task_joiner {
      resumption coroutine;
      resumed() noexcept {
        ended = [](task_joiner *self) noexcept { static_cast<resumed *>(self)->coroutine.resume(); };
      }
    };
    detail::root_task &state;
    resumed waiter;
    std::optional<std::stop_callback<stop>> forward;
    bool suspended = false;
  };
  awaiter operator co_await() const noexcept { return awaiter(*state); }

private:
  template <typename U> friend join_handle<U> spawn(task<U>, executor &, std::source_location);
  friend event_loop;
  friend detail::any_source;
  explicit join_handle(detail::root_task *made) noexcept : state(made) {}
  static T take(detail::root_task &state) {
    state.observed = true;
    auto &came_to = static_cast<detail::root_task_of<T> &>(state).came_to;
    if (came_to.has_nothing())
      throw cancelled();
    return came_to.take();
  }
  T take() { return take(*state); }

  detail::root_task *state = nullptr;
};

// Starts `body` on `home`, which must outlive it, in its next round.
template <typename T>
join_handle<T> spawn(task<T> body, executor &home, std::source_location at = std::source_location::current()) {
  assert(body && "spawn needs a task that was not moved from");
  void *memory = detail::recycled_allocate(sizeof(detail::root_task_of<T>));
  auto frame = body.release();
  auto *root = new (memory) detail::root_task_of<T>(frame.promise(), home, at);
  frame.promise().awaited(at);
  home.post(work(root));
  return join_handle<T>(root);
}
// On the executor that runs the caller. Throws std::logic_error where there is none.
template <typename T> join_handle<T> spawn(task<T> body, std::source_location at = std::source_location::current()) {
  return spawn(std::move(body), detail::this_executor("spawn without an executor's name"), at);
}

} // namespace tenterhook

#endif
