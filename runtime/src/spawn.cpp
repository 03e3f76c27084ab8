// The life of a spawned task: start in a queue, end on its home executor, and whoever waits for that.
#include <tenterhook/event_loop.h>
#include <tenterhook/spawn.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace tenterhook::detail {

root_task::root_task(const root_operations &operations, promise_base &promise, std::coroutine_handle<> coroutine, executor &where,
                     std::source_location at) noexcept
    : typed(operations), body(promise), home(where) {
  frame = coroutine;
  place = at;
  body.home = as_root();
  body.owner = this;
  body.scope = &scope;
  act = [](work_item *item, bool run) noexcept {
    auto *self = static_cast<root_task *>(item);
    if (run)
      self->start();
    else
      self->abandon();
  };
  done = [](completion *base, promise_base &) noexcept -> std::coroutine_handle<> {
    auto *self = static_cast<root_task *>(base);
    if (executor::current() == &self->home) {
      self->finish();
      return std::noop_coroutine();
    }
    self->act = [](work_item *item, bool) noexcept { static_cast<root_task *>(item)->finish(); };
    self->home.post(work(self));
    return std::noop_coroutine();
  };
}

void root_task::start() noexcept {
  if (roster *tasks = home.spawned_tasks())
    tasks->add(*this);
  frame.resume();
}

void root_task::finish() noexcept {
  if (is_listed)
    home.spawned_tasks()->remove(*this);
  if (stops_loop)
    stops_loop->stop();
  typed.settle(*this, body);
  std::exchange(frame, nullptr).destroy();
  tell_joiner();
  drop();
}

void root_task::abandon() noexcept {
  if (is_listed)
    home.spawned_tasks()->remove(*this);
  destroy_nested(std::exchange(frame, nullptr), body);
  tell_joiner();
  drop();
}

void root_task::tell_joiner() noexcept {
  if (void *waiting = joiner.exchange(done_mark(), std::memory_order_acq_rel)) {
    auto *joined = static_cast<task_joiner *>(waiting);
    joined->ended(joined);
  }
  joiner_told.store(true, std::memory_order_release);
}

bool root_task::join(task_joiner &waiting) noexcept {
  void *nobody = nullptr;
  bool joined = joiner.compare_exchange_strong(nobody, static_cast<void *>(&waiting), std::memory_order_acq_rel);
  assert((joined || nobody == done_mark()) && "a spawned task is awaited once");
  return joined;
}

void root_task::leave(task_joiner &waiting) noexcept {
  void *expected = &waiting;
  if (joiner.compare_exchange_strong(expected, nullptr, std::memory_order_acq_rel))
    return;
  while (!joiner_told.load(std::memory_order_acquire)) // another thread is about to post `waiting`
    std::this_thread::yield();
}

void wait_for_end(root_task &task, const std::source_location &at) {
  if (executor::current())
    throw std::logic_error("join_handle::get() would block a thread that runs an executor; co_await the handle there");
  struct sleeper : task_joiner {
    std::mutex guard;
    std::condition_variable woken;
    bool over = false;
  } waiting;
  waiting.ended = [](task_joiner *joined) noexcept {
    auto *self = static_cast<sleeper *>(joined);
    std::lock_guard lock(self->guard);
    self->over = true;
    self->woken.notify_one();
  };
  block_event event("tenterhook::join_handle::get", at);
  if (!task.join(waiting))
    return;
  event.waiting();
  {
    std::unique_lock lock(waiting.guard);
    waiting.woken.wait(lock, [&] { return waiting.over; });
  }
  task.leave(waiting); // who told it may still be at it
}

namespace {
bool is_cancellation(const std::exception_ptr &thrown) noexcept {
  try {
    std::rethrow_exception(thrown);
  } catch (const cancelled &) { // told to stop, as asked
    return true;
  } catch (...) {
    return false;
  }
}
} // namespace

void root_task::destroy() noexcept {
  if (!observed)
    if (std::exception_ptr thrown = typed.error(*this); thrown && !is_cancellation(thrown)) {
      lost_exception what{std::move(thrown), place};
      if (executor::current() == &home)
        home.lost(what);
      else // `home` may have ended before the handle
        report(what);
    }
  // The result may hold the handle of another one, and so on: from some depth on, one after another.
  constexpr unsigned deepest = 32;
  static constinit thread_local unsigned depth = 0;
  static constinit thread_local root_task *put_off = nullptr;
  if (depth == deepest) {
    next_listed = std::exchange(put_off, this);
    return;
  }
  ++depth;
  typed.free(*this);
  if (depth == deepest)
    while (root_task *next = put_off) {
      put_off = next->next_listed;
      next->typed.free(*next);
    }
  --depth;
}

#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdangling-pointer" // what points to `untold` has left it before the function ends
#endif
// A stop callback may end any of them and start others, so those that are still to be told are in a list of their own.
void roster::request_stop_of_all() noexcept {
  stopping = true;
  root_task *untold = std::exchange(first, nullptr);
  if (untold)
    untold->listed_at = &untold;
  while (root_task *next = untold) {
    unlink(*next);
    link(*next);
    next->scope.request_stop();
  }
}
#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif

// --- the tasks of a pool ---------------------------------------------------------------------------------------------

void roster::add_shared(root_task &added) noexcept {
  auto *self = static_cast<shared_roster *>(this);
  std::unique_lock lock(self->guard);
  link(added);
  bool stops = self->stopping;
  lock.unlock();
  if (stops)
    added.scope.request_stop();
}

void roster::remove_shared(root_task &removed) noexcept {
  auto *self = static_cast<shared_roster *>(this);
  std::lock_guard lock(self->guard);
  unlink(removed);
  if (!first)
    self->emptied.notify_all(); // under the guard: afterwards the pool may be gone
}

void shared_roster::request_stop(bool and_later) {
  std::vector<root_task *> told; // each kept by a share, since it may end meanwhile
  {
    std::lock_guard lock(guard);
    stopping = stopping || and_later;
    for (root_task *each = first; each; each = each->next_listed) {
      told.push_back(each);
      each->owners.fetch_add(1, std::memory_order_relaxed);
    }
  }
  for (root_task *each : told) {
    each->scope.request_stop();
    each->drop();
  }
}

void shared_roster::wait_until_empty(block_event &event) {
  std::unique_lock lock(guard);
  while (first) {
    event.waiting();
    emptied.wait(lock);
  }
}

void shared_roster::abandon_all() noexcept {
  for (;;) {
    root_task *next;
    {
      std::lock_guard lock(guard);
      next = first;
      if (!next)
        return;
      unlink(*next);
    }
    next->abandon();
  }
}

} // namespace tenterhook::detail
