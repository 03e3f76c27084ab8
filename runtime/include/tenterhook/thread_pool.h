// thread_pool: a fixed number of threads that run what is posted or submitted, in the order of its coming.
//
//   thread_pool pool(4);
//   future<int> answer = pool.submit([] { return compute(); });
//   std::vector<int> squares = pool.map(numbers, [](int n) { return n * n; });   // in the order of `numbers`
//   pool.shutdown();                                                            // finishes what is queued
//
// Order: of two posts of which one follows the other (in one thread, or because one thread told another) the first begins
// first, whoever posts. One exception: posts of two different workers may overtake one another, but not for ever: what
// another worker does not come to is taken from it. So a pool of one thread keeps the order of everything.
// Ownership: the pool owns its threads, what is queued, and the tasks that were spawned on it (spawn.h).
// Threads: every function may be called by any thread, its own workers included, except that shutdown(), stop(),
// wait_idle() and the destructor would wait for their own caller on a worker: std::logic_error (the destructor: the
// program ends).
// The end: shutdown() lets workers finish the queue, with what running work adds to it, then tells spawned tasks that
// still wait for something to stop, waits until all have ended (clean-up included), and joins the workers. The
// destructor finishes the queue and joins, but destroys tasks that still wait, as an event_loop does. stop() drops what
// has not started, whose futures get cancelled, asks running work to stop by the pool's stop_token and tasks by theirs,
// joins, and destroys what waits. Who joins a destroyed task gets cancelled. After any of them, submit() and map()
// throw closed, and what is posted is discarded. In a process that the program forks, the workers do not exist: there the
// destructor lets go of the pool, and nothing else may be called.
// Errors: an exception of submitted work is in its future; of posted work it ends the program, as in a std::thread.
// Work that waits on a worker for other work of the same pool can starve it; map() does not, since a worker that calls
// it takes items itself, and continuations (future::then) and coroutines do not wait at all.
#ifndef TENTERHOOK_THREAD_POOL_H
#define TENTERHOOK_THREAD_POOL_H

#include <tenterhook/executor.h>
#include <tenterhook/future.h>
#include <tenterhook/spawn.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <ranges>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace tenterhook {

namespace detail {
// Work and the state of its future in one block of memory.
template <typename F> struct submitted_work;
template <typename Range, typename F> class mapping;

template <typename F> decltype(auto) call_with_stop(F &f, const std::stop_token &stop) {
  if constexpr (std::invocable<F &, std::stop_token>)
    return std::invoke(f, stop);
  else
    return std::invoke(f);
}
template <typename F>
using submit_result = decltype(call_with_stop(std::declval<F &>(), std::declval<const std::stop_token &>()));
} // namespace detail

class thread_pool final : public executor {
  using place = std::source_location;

public:
  static constexpr unsigned most_threads = 4096;

  // threads: 0 means one a core; more than most_threads are std::invalid_argument. Threads are called "name-0" and so on,
  // in debuggers and traces. Throws std::system_error if a thread cannot be made.
  explicit thread_pool(unsigned threads = 0, const std::string &name = "pool");
  ~thread_pool();

  // Runs it on a worker. Never blocks for longer than the queue's lock.
  void post(work) noexcept override;
  template <std::invocable F> void post(F f, place at = place::current()) { post(work::of(std::move(f), at)); }

  // Runs f on a worker; its result is the future's. If f takes a std::stop_token it gets the pool's, or the one that is
  // given. With a token, f is not begun once stop is requested: the future gets cancelled.
  template <typename F> future<detail::submit_result<F>> submit(F f, place at = place::current()) {
    return submit_work(stopping_.get_token(), false, std::move(f), at);
  }
  template <typename F> future<detail::submit_result<F>> submit(std::stop_token stop, F f, place at = place::current()) {
    return submit_work(std::move(stop), true, std::move(f), at);
  }

  // f of each element, results in the order of the elements; waits for all. Elements are taken in order by as many
  // workers as are free. The exception of the first element (in order) that threw is thrown when no more are running;
  // elements that had not begun then are not begun; so too, with cancelled, after a stop request. f may return void.
  template <std::ranges::forward_range Range, typename F>
  auto map(Range &&elements, F f, std::stop_token stop = {}, place at = place::current()) {
    return detail::mapping<Range, F>::run(*this, elements, f, std::move(stop), at);
  }

  // Waits until nothing is queued and nothing runs. Work that others add meanwhile is waited for too.
  void wait_idle(place at = place::current());
  void shutdown(place at = place::current());
  void stop(place at = place::current());

  unsigned size() const noexcept { return size_; } // threads
  std::size_t queued() const;                      // work that has not started
  // Requested by stop().
  std::stop_token stop_token() const noexcept { return stopping_.get_token(); }
  bool runs_here() const noexcept { return executor::current() == this; } // is this one of its threads?

  void forget(work_item &) noexcept override;

private:
  template <typename, typename> friend class detail::mapping;
  enum class phase { open, finishing, closed };
  enum class look { any, settled, stuck, last };
  struct lane; // a worker's own queue

  template <typename F> future<detail::submit_result<F>> submit_work(std::stop_token stop, bool drops, F &&f, place at);
  void refuse_if_closed() const;
  void end(bool drop, detail::block_event &);
  void refuse_on_workers() const;
  void wait_until_idle(detail::block_event &);
  void work_on(unsigned index, const std::string &name) noexcept;
  void post_here(lane &, work) noexcept;
  work take(lane &own) noexcept;
  work take_posted(lane &own) noexcept;
  work steal(lane &own, look) noexcept;
  bool stop_watching(lane &own) noexcept;
  void leave_to_parent() noexcept;
  bool signal_one() noexcept;

  const pid_t owner_;
  mutable std::mutex mutex_; // guards what follows, up to phase_; taken before a lane's lock
  std::condition_variable wake_, idle_changed_;
  work_list queue_;                    // what was posted from outside, or while that was not empty
  bool spinning_ = false;              // a worker looks for work without sleeping: one is enough
  unsigned idle_ = 0;                  // workers that wait on wake_
  unsigned signalled_ = 0;             // of them, those that a notification is under way to
  unsigned alive_ = 0;                 // workers that have not left
  std::atomic<unsigned> notifying_{0}; // posts that have still to wake a worker
  char apart_[64];                     // what workers read at each post lies on a line that seldom changes
  // Written under mutex_, looked at without.
  std::atomic<std::size_t> queued_{0}; // in queue_
  std::atomic<unsigned> asleep_{0};    // idle_ - signalled_
  std::atomic<phase> phase_{phase::open};
  unsigned size_ = 0; // lanes; constant
  std::unique_ptr<lane[]> lanes_;
  std::mutex joining_; // one thread at a time joins; taken before mutex_
  std::vector<std::thread> workers_;
  std::stop_source stopping_;
  std::atomic<bool> ending_{false}; // shutdown() has begun: no new work from outside
  detail::shared_roster tasks_;     // that were spawned here and have begun
};

namespace detail {

// The trace's id of the work that this thread runs; 0 if it is not traced.
extern constinit thread_local std::uint64_t current_work __attribute__((tls_model("initial-exec")));

template <typename F> struct submitted_work final : work_item, future_state<submit_result<F>> {
  using R = submit_result<F>;
  union {
    F f; // until it has run, so that what it holds is freed before the result is there
  };
  std::stop_token stop;
  bool drops; // if stop was requested before it began

  submitted_work(F &&call, std::stop_token token, bool drops_if_stopped)
      : future_state<R>([](future_state_base *base) noexcept {
          auto *self = static_cast<submitted_work *>(base);
          self->~submitted_work();
          recycled_free(self, sizeof(submitted_work));
        }),
        f(std::move(call)), stop(std::move(token)), drops(drops_if_stopped) {
    act = [](work_item *base, bool run) noexcept { static_cast<submitted_work *>(base)->finish(run); };
  }
  ~submitted_work() {}

  void finish(bool run) noexcept {
    if (!run || (drops && stop.stop_requested()))
      this->set_exception(std::make_exception_ptr(cancelled()));
    else
      this->set_from([this]() -> R { return call_with_stop(f, stop); });
    f.~F();
    this->complete();
    this->drop();
  }
};

} // namespace detail

template <typename F>
future<detail::submit_result<F>> thread_pool::submit_work(std::stop_token stop, bool drops, F &&f, place at) {
  using item_type = detail::submitted_work<F>;
  refuse_if_closed();
  void *memory = detail::recycled_allocate(sizeof(item_type));
  item_type *item = nullptr;
  try {
    item = new (memory) item_type(std::forward<F>(f), std::move(stop), drops);
  } catch (...) {
    detail::recycled_free(memory, sizeof(item_type));
    throw;
  }
  item->place = at;
  if (trace::active()) [[unlikely]]
    item->id = item->future_state_base::work = trace::new_id();
  item->retain();
  future<detail::submit_result<F>> result{detail::state_ref<detail::submit_result<F>>(item)};
  post(tenterhook::work(static_cast<work_item *>(item)));
  return result;
}

} // namespace tenterhook

#include <tenterhook/thread_pool_map.h>

#endif
