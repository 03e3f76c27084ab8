// as_completed(futures): the same futures in the order in which they become ready.
//
//   for (auto [index, done] : as_completed(std::move(futures)))        // plain code: waits for each
//     use(index, done.get());
//
//   auto results = as_completed(std::move(futures));                   // coroutine
//   while (auto next = co_await results.next_async())
//     use(next->index, next->done.get());                              // ready: does not wait
//
// With a limit of time for all of them, the results that are there by then are given out, and asking for the next throws
// timed_out. rest() then gives back the futures that are missing.
//
//   auto results = as_completed(std::move(futures), 2s);
//   try {
//     while (auto next = co_await results.next_async())
//       use(next->index, next->done.get());
//   } catch (const timed_out &) {
//     use(results.rest().size());
//   }
//
// `index` is the future's position in the range that was given. Exceptions come out of done.get(), not of the
// iteration.
// Ownership: the completions own the futures that they have not given out yet. They may be dropped early; the results
// that are missing are then dropped when they come.
// Threads: the completions belong to one thread at a time. A coroutine that awaits next_async() goes on as with future
// (future.h): on the executor it suspended on; told to stop it gets cancelled. next() and iteration block their thread.
#ifndef TENTERHOOK_AS_COMPLETED_H
#define TENTERHOOK_AS_COMPLETED_H

#include <tenterhook/detail/stoppable_wait.h>
#include <tenterhook/future.h>

#include <deque>
#include <iterator>
#include <memory>
#include <mutex>
#include <ranges>
#include <vector>

namespace tenterhook {

// A future of the range that is ready.
template <typename T> struct completion {
  std::size_t index;
  future<T> done;
};

template <typename T> class [[nodiscard]] completions {
  using place = std::source_location;
  using clock = std::chrono::steady_clock;
  struct shared;

  // Waits for one of them; lies in `shared`, and keeps that alive until its action is over.
  struct node : detail::future_waiter {
    std::shared_ptr<shared> keeps;
    detail::state_ref<T> state;
    std::size_t index = 0;
  };

  struct shared {
    std::mutex mutex; // guards `ready` and `waiting`; a leaf
    std::deque<std::size_t> ready;
    std::optional<promise<void>> waiting;
    std::vector<node> nodes;

    void completed(std::size_t index) noexcept {
      wake([&] { ready.push_back(index); });
    }
    template <typename Change> void wake(Change change) noexcept {
      std::optional<promise<void>> woken;
      {
        std::lock_guard lock(mutex);
        change();
        woken.swap(waiting);
      }
      if (woken) // outside the lock: a continuation may run within it
        woken->set_value();
    }
  };

public:
  explicit completions(std::vector<future<T>> futures, std::optional<clock::time_point> deadline = std::nullopt)
      : shared_(std::make_shared<shared>()), left_(futures.size()), deadline_(deadline) {
    shared_->nodes.resize(futures.size());
    for (std::size_t i = 0; i != futures.size(); ++i) {
      node &each = shared_->nodes[i];
      each.index = i;
      each.keeps = shared_;
      each.state = std::move(futures[i].state_);
      assert(each.state && "a future whose result was taken or moved away");
      each.act = [](detail::future_waiter *base) noexcept {
        auto *self = static_cast<node *>(base);
        std::shared_ptr<shared> kept = std::move(self->keeps);
        kept->completed(self->index);
      };
    }
    for (node &each : shared_->nodes)
      if (!each.state->install(each))
        each.act(&each);
  }
  completions(completions &&) noexcept = default;
  completions &operator=(completions &&) = delete;
  ~completions() {
    if (!shared_)
      return;
    for (node &each : shared_->nodes)
      if (each.state && each.state->withdraw(each))
        each.keeps = nullptr;
  }

  // How many were not given out yet.
  std::size_t left() const noexcept { return left_; }

  // Takes back those that were not given out, whether they are ready or not. None is left then.
  std::vector<completion<T>> rest() {
    std::vector<completion<T>> taken;
    for (node &each : shared_->nodes)
      if (each.state) {
        if (each.state->withdraw(each))
          each.keeps = nullptr;
        else
          each.state->await_completion(); // its action is being called
        taken.push_back({each.index, future<T>(std::move(each.state))});
      }
    std::lock_guard lock(shared_->mutex);
    shared_->ready.clear();
    left_ = 0;
    return taken;
  }

  // Waits for the next; empty when all were given out. Throws timed_out.
  [[nodiscard]] std::optional<completion<T>> next(place at = place::current()) {
    if (left_ == 0)
      return std::nullopt;
    detail::block_event event("tenterhook::completions::next", at);
    if (std::optional<future<void>> some = some_ready()) {
      event.waiting();
      if (!deadline_)
        some->wait();
      else if (!some->wait_until(*deadline_) && none_ready())
        throw timed_out();
    }
    return pop();
  }

  class next_awaiter;
  // Awaited, it gives what next() gives. One at a time.
  [[nodiscard]] next_awaiter next_async() noexcept { return next_awaiter(*this); }

  class iterator;
  iterator begin(place at = place::current()) { return iterator(*this, at); }
  std::default_sentinel_t end() const noexcept { return {}; }

private:
  // Empty if one is ready now; else what becomes ready when one is.
  std::optional<future<void>> some_ready() {
    std::lock_guard lock(shared_->mutex);
    if (!shared_->ready.empty())
      return std::nullopt;
    return shared_->waiting.emplace().get_future();
  }
  bool none_ready() const {
    std::lock_guard lock(shared_->mutex);
    return shared_->ready.empty();
  }
  std::optional<completion<T>> pop() {
    std::size_t index = 0;
    {
      std::lock_guard lock(shared_->mutex);
      index = shared_->ready.front();
      shared_->ready.pop_front();
    }
    --left_;
    return completion<T>{index, future<T>(std::move(shared_->nodes[index].state))};
  }

  std::shared_ptr<shared> shared_;
  std::size_t left_;
  std::optional<clock::time_point> deadline_;
};

template <typename T> class completions<T>::next_awaiter : timer_node {
public:
  static constexpr trace::Wait wait_kind = trace::Wait::future;
  std::source_location place; // of the co_await, set by the awaiting task

  explicit next_awaiter(completions &from) noexcept : from_(from) {
    // At the deadline it is woken as if one were ready. On the loop's thread, as all of the timer is.
    fire = [](timer_node *node) noexcept { static_cast<next_awaiter *>(node)->from_.shared_->wake([] {}); };
  }
  next_awaiter(const next_awaiter &) = delete;
  ~next_awaiter() { timer_wheel::cancel(*this); }

  bool await_ready() {
    if (from_.left_ == 0)
      return true;
    std::optional<future<void>> some = from_.some_ready();
    if (!some)
      return true;
    waits_.emplace(std::move(some->state_));
    return false;
  }
  template <typename Promise> bool await_suspend(std::coroutine_handle<Promise> waiting) {
    waits_->place = place;
    if (from_.deadline_)
      detail::this_loop("next_async() with a limit of time").add_timer(*this, *from_.deadline_);
    return waits_->await_suspend(waiting);
  }
  std::optional<completion<T>> await_resume() {
    timer_wheel::cancel(*this);
    if (waits_)
      waits_->await_resume();
    if (from_.left_ == 0)
      return std::nullopt;
    if (from_.none_ready())
      throw timed_out();
    return from_.pop();
  }

private:
  completions &from_;
  std::optional<typename future<void>::awaiter> waits_;
};

// Single pass; the value is moved out of the iterator by the range-for's `auto`.
template <typename T> class completions<T>::iterator {
public:
  using value_type = completion<T>;
  using difference_type = std::ptrdiff_t;

  iterator(completions &from, place at) : from_(&from), at_(at), current_(from.next(at)) {}
  completion<T> operator*() { return std::move(*current_); }
  iterator &operator++() {
    current_ = from_->next(at_);
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const iterator &here, std::default_sentinel_t) noexcept { return !here.current_; }

private:
  completions *from_;
  place at_;
  std::optional<completion<T>> current_;
};

// Takes the futures out of the range.
template <std::ranges::input_range Range>
  requires detail::is_future<std::ranges::range_value_t<Range>>::value
auto as_completed(Range &&futures) {
  using element = std::ranges::range_value_t<Range>;
  std::vector<element> taken;
  for (auto &&each : futures)
    taken.push_back(std::move(each));
  return completions<typename element::value_type>(std::move(taken));
}
// No longer than `limit` from now, for all of them together.
template <std::ranges::input_range Range, typename Rep, typename Period>
  requires detail::is_future<std::ranges::range_value_t<Range>>::value
auto as_completed(Range &&futures, std::chrono::duration<Rep, Period> limit) {
  using element = std::ranges::range_value_t<Range>;
  std::vector<element> taken;
  for (auto &&each : futures)
    taken.push_back(std::move(each));
  return completions<typename element::value_type>(std::move(taken), detail::time_after(limit));
}

} // namespace tenterhook

#endif
