// event_loop: one thread that runs coroutines and callbacks, timers and descriptors (epoll).
//
//   event_loop loop;
//   int answer = loop.run_until_complete(program());
//
// Ownership: the loop owns what was posted, its timers' callbacks, and the tasks spawned on it; its destructor destroys
// what is left of them without running it (the frames of waiting tasks too). shutdown() lets them end first. Threads:
// post(), call_soon() and stop() may be called by any thread, and the loop may be destroyed as soon as what they posted
// or asked for has come to its end, even while they return. Everything else by the thread that runs the loop, or before
// it runs.
// Resume thread: whatever waits at a loop goes on on the loop's thread, never inside the call that completed it.
// In a process that the program forks, a loop and what waits at it may be destroyed, which changes nothing for the parent,
// and not be used: both share one epoll(7).
// Errors: a callback must not throw (std::terminate). run_until_complete() throws what its task threw. run(),
// run_until_complete() and shutdown() throw std::logic_error, and do nothing else, on a thread that runs a loop already
// and for a loop that another thread runs. Destroying a loop that runs ends the program. System calls that fail throw
// std::system_error.
// Units: any of std::chrono; what is too long for its clock saturates, what is past or negative is due at once. Timers
// have a resolution of 65.5 µs, are never early, and fire in the order of their deadlines, equal ones in that of their
// creation.
#ifndef TENTERHOOK_EVENT_LOOP_H
#define TENTERHOOK_EVENT_LOOP_H

#include <tenterhook/detail/descriptor.h>
#include <tenterhook/detail/saturate.h>
#include <tenterhook/executor.h>
#include <tenterhook/spawn.h>
#include <tenterhook/task.h>
#include <tenterhook/timer_wheel.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include <sys/types.h>

struct epoll_event;

namespace tenterhook {

// Something kept a loop for longer than its threshold.
struct slow_callback {
  std::chrono::nanoseconds duration;
  std::source_location place; // the callback's submission, or the await at which the coroutine had gone on
  std::uint64_t task;         // trace id; 0 if tracing is off or no task ran
};

struct event_loop_options {
  detail::saturating_nanoseconds slow_threshold = std::chrono::milliseconds(100); // zero: do not watch
  std::function<void(const slow_callback &)> on_slow = {};                        // empty: one line on stderr
  std::function<void(const lost_exception &)> on_lost = {};                       // the same; must not throw
};

class event_loop;

namespace detail {
// A call_later(): shared by the wheel (or, once it fired, the ready queue) and its handle; both on the loop's thread.
// The callable lies behind it (timer_call_of), so that a timer is one block.
struct timer_call : timer_node, work_item {
  timer_call(event_loop &, void (*finish)(timer_call *, bool run) noexcept, std::size_t size, std::source_location) noexcept;
  void drop(unsigned count = 1) noexcept {
    if ((owners -= count) == 0)
      recycled_free(this, block_size);
  }

  event_loop &loop;
  void (*finish)(timer_call *, bool run) noexcept; // runs the callable if told to, and destroys it
  std::uint32_t block_size, owners = 2;
  bool live = true; // finish() was not called yet
};

template <typename F> struct timer_call_of : timer_call {
  F callable;
  timer_call_of(event_loop &on, F &&given, std::source_location at) noexcept(std::is_nothrow_move_constructible_v<F>)
      : timer_call(
            on,
            [](timer_call *base, bool run) noexcept {
              auto *self = static_cast<timer_call_of *>(base);
              if (run)
                std::move(self->callable)();
              std::destroy_at(&self->callable);
            },
            sizeof(timer_call_of), at),
        callable(std::move(given)) {}
  ~timer_call_of() = delete; // finish() and drop()
};
} // namespace detail

// A call_later() that may be cancelled. Dropping the handle leaves the call in place. Belongs to the loop's thread; may
// outlive the call and the loop.
class timer_handle {
public:
  timer_handle() noexcept = default;
  timer_handle(timer_handle &&other) noexcept : call(std::exchange(other.call, nullptr)) {}
  timer_handle &operator=(timer_handle &&other) noexcept {
    std::swap(call, other.call);
    return *this;
  }
  ~timer_handle();

  // True if the callback will not run because of this; it is destroyed at once. False if it ran, or was cancelled
  // before.
  bool cancel() noexcept;

private:
  friend class event_loop;
  explicit timer_handle(detail::timer_call *made) noexcept : call(made) {}
  detail::timer_call *call = nullptr;
};

class event_loop final : public executor {
public:
  using clock = std::chrono::steady_clock;

  explicit event_loop(event_loop_options options = {}); // throws std::system_error
  ~event_loop();

  // The loop whose thread this is; null on other threads.
  static event_loop *current() noexcept { return running; }

  void post(work) noexcept override;
  void forget(work_item &) noexcept override;
  void lost(const lost_exception &) noexcept override;

  // Runs `callable` in the next round.
  template <std::invocable F> void call_soon(F callable, std::source_location at = std::source_location::current()) {
    post(work::of(std::move(callable), at));
  }
  // Runs it after a delay, or at a time.
  template <typename Rep, typename Period, std::invocable F>
  timer_handle call_later(std::chrono::duration<Rep, Period> delay, F callable,
                          std::source_location at = std::source_location::current()) {
    return call_at(detail::time_after(delay), std::move(callable), at);
  }
  template <typename Duration, std::invocable F>
  timer_handle call_at(std::chrono::time_point<clock, Duration> when, F callable,
                       std::source_location at = std::source_location::current()) {
    using call = detail::timer_call_of<F>;
    static_assert(std::is_nothrow_move_constructible_v<F>, "the callable must not throw when it is moved");
    void *memory = detail::recycled_allocate(sizeof(call));
    return add_call(detail::saturated(when), new (memory) call(*this, std::move(callable), at));
  }

  // Runs until stop(). May be called again afterwards; not from within itself.
  void run();
  // Makes run() return after what is running now. Called before run(), it makes the next run() return at once. May be
  // called by a signal handler, on any thread.
  void stop() noexcept;

  // Runs the loop until the task has ended. Other tasks stay where they are then.
  template <typename T> T run_until_complete(task<T> body, std::source_location at = std::source_location::current()) {
    turn mine(*this); // before the task belongs to the loop: a refused one is destroyed, and nothing else happens
    join_handle<T> root = tenterhook::spawn(std::move(body), *this, at);
    run_until_done(*root.state);
    return root.take();
  }

  // Starts a task here; any thread. See spawn.h.
  template <typename T> join_handle<T> spawn(task<T> body, std::source_location at = std::source_location::current()) {
    return tenterhook::spawn(std::move(body), *this, at);
  }

  // Requests a stop of every task that was spawned here and runs the loop until all have ended; stop() does not end it.
  void shutdown();

  // For what waits at this loop: timers and sockets. `node` must be out of the wheel before it is destroyed.
  void add_timer(timer_node &node, clock::time_point when) noexcept {
    std::int64_t after_epoch = detail::saturated_difference(when.time_since_epoch(), epoch).count();
    node.rank = after_epoch;
    wheel.insert(node, tick_at_or_after(after_epoch));
  }
  void watch(detail::descriptor &);    // throws std::system_error
  int try_watch(detail::descriptor &); // the error's number, or 0
  void unwatch(detail::descriptor &) noexcept;
  // A descriptor that is not the loop's, for as long as somebody waits for it (wait_readable.h). Null: always ready.
  detail::descriptor *share(int fd);
  void unshare(detail::descriptor &) noexcept;
  // False once in a while: what completes without waiting must then go through the queue, so that others have their
  // turn.
  bool may_complete_at_once() noexcept { return at_once_left != 0 && at_once_left-- != 0; }

private:
  friend detail::timer_call;
  static constexpr unsigned tick_shift = 16; // nanoseconds in a tick, as a power of two
  static constexpr unsigned batch = 256;     // how much is run between two looks at timers and descriptors

  static std::uint64_t tick_at_or_after(std::int64_t nanoseconds) noexcept {
    constexpr std::uint64_t tick = 1u << tick_shift;
    return nanoseconds <= 0 ? 0 : (std::uint64_t(nanoseconds) + tick - 1) >> tick_shift;
  }
  std::uint64_t present_tick() const noexcept;
  timer_handle add_call(clock::time_point, detail::timer_call *) noexcept;
  // The loop runs on this thread while one of these lives. Throws std::logic_error where one does already.
  struct turn {
    explicit turn(event_loop &);
    turn(const turn &) = delete;
    ~turn();
    event_loop &loop;
  };
  void run_until_done(detail::root_task &);
  template <typename More> void run_while(More more) noexcept;
  void run_ready() noexcept;
  void take_remote() noexcept;
  void write_wake_up() noexcept;
  static work_item *asleep() noexcept { return reinterpret_cast<work_item *>(1); }
  void poll(bool may_wait) noexcept;
  int wait(epoll_event *events, int room, bool may_wait) noexcept;
  void slow(std::uint64_t ticks, const std::source_location &place, std::uint64_t task_id) noexcept;

  static constinit thread_local event_loop *running __attribute__((tls_model("initial-exec")));

  work_list ready;
  std::uint64_t slow_ticks; // a slice below this many ticks is not slow; 0: do not look
  unsigned at_once_left = batch;
  std::atomic<bool> stopping{false}; // of the loop's thread and its signal handlers
  int epoll_fd = -1, wake_fd = -1;
  const pid_t owner;
  clock::duration epoch; // of its ticks: when it was made
  timer_wheel wheel;
  detail::roster tasks;
  event_loop_options settings;
  std::unordered_map<int, std::unique_ptr<detail::descriptor>> shared;
  std::vector<detail::descriptor *> watched; // by number: whose registration that is, the last one's
  detail::descriptor *closed = nullptr;      // freed when no event of this round can name them any more

  alignas(64) std::atomic<work_item *> remote{nullptr}; // posted by other threads, last first; or asleep()
  std::atomic<unsigned> waking{0};                      // threads that have still to write to wake_fd
  std::atomic<bool> stop_asked{false};
  std::atomic<bool> entered{false}; // by a thread that runs it
};

} // namespace tenterhook

#endif
