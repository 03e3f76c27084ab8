// async_queue<T>: values from coroutines to coroutines, in order; bounded, so that a fast producer waits.
//
//   co_await queue.push(value);
//   while (std::optional<int> next = co_await queue.pop()) // empty: the queue was closed and is drained
//     use(*next);
//
// Threads: any; producers and consumers may be on several executors. Must outlive who waits at it.
// Resume thread: who waited goes on on its own executor; what need not wait goes on in place.
// Errors: push to a closed queue throws `closed` (also for who waits in push when it is closed).
// Cancellation: a stop request ends a wait with `cancelled`; the value then was not pushed, or is still in the queue. Who
// is destroyed where it waits, with the value on its way to it, gives that back: it is the next one to be popped.
#ifndef TENTERHOOK_ASYNC_QUEUE_H
#define TENTERHOOK_ASYNC_QUEUE_H

#include <tenterhook/detail/async_wait.h>

#include <cstdint>
#include <deque>
#include <map>
#include <stdexcept>

namespace tenterhook {

template <typename T> class async_queue {
public:
  // How many values may lie in it before push waits; at least 1.
  explicit async_queue(std::size_t limit) : capacity(limit) {
    if (!limit)
      throw std::invalid_argument("an async_queue needs room for at least one value");
  }
  async_queue(const async_queue &) = delete;
  async_queue &operator=(const async_queue &) = delete;

  class [[nodiscard]] push_awaiter : public detail::async_wait {
  public:
    static constexpr trace::Wait wait_kind = trace::Wait::queue;
    push_awaiter(async_queue &to, T given) : async_wait(to.guard, to.pushers), queue(to), value(std::move(given)) {}
    push_awaiter(push_awaiter &&) = default;
    ~push_awaiter() {
      withdraw([] {}); // what was granted is in the queue
    }
    bool await_ready() {
      std::lock_guard lock(queue.guard);
      return try_now();
    }
    template <typename Promise> bool await_suspend(std::coroutine_handle<Promise> handle) {
      return wait_unless(handle, [this] { return try_now(); });
    }
    void await_resume() {
      take();
      if (refused)
        throw closed("push to a closed async_queue");
    }

  private:
    friend async_queue;
    bool try_now() { // under the guard
      refused = queue.is_shut;
      return refused || queue.put(value);
    }
    async_queue &queue;
    T value;
    bool refused = false;
  };

  class [[nodiscard]] pop_awaiter : public detail::async_wait {
  public:
    static constexpr trace::Wait wait_kind = trace::Wait::queue;
    explicit pop_awaiter(async_queue &from) : async_wait(from.guard, from.poppers), queue(from) {}
    pop_awaiter(pop_awaiter &&) = default;
    ~pop_awaiter() {
      withdraw([this] {
        if (value)
          queue.give_back(std::move(*value), turn);
      });
    }
    bool await_ready() {
      std::lock_guard lock(queue.guard);
      return try_now();
    }
    template <typename Promise> bool await_suspend(std::coroutine_handle<Promise> handle) {
      return wait_unless(handle, [this] { return try_now(); });
    }
    std::optional<T> await_resume() {
      take();
      return std::move(value);
    }

  private:
    friend async_queue;
    bool try_now() { // under the guard
      value = queue.get();
      return value || queue.is_shut;
    }
    async_queue &queue;
    std::optional<T> value;
    std::uint64_t turn = 0; // of the value, if it came while this waited
  };

  push_awaiter push(T value) { return push_awaiter(*this, std::move(value)); }
  pop_awaiter pop() { return pop_awaiter(*this); }

  // False, and `value` is untouched, if it is full or closed.
  bool try_push(T &value) {
    std::lock_guard lock(guard);
    return !is_shut && put(value);
  }
  bool try_push(T &&value) { return try_push(value); }
  std::optional<T> try_pop() {
    std::lock_guard lock(guard);
    return get();
  }

  // No more pushes; who waits in push gets `closed`, who waits in pop gets nothing. What is in it can still be popped.
  void close() noexcept {
    std::lock_guard lock(guard);
    is_shut = true;
    while (!pushers.empty()) {
      static_cast<push_awaiter *>(pushers.first)->refused = true;
      pushers.first->grant();
    }
    while (!poppers.empty())
      poppers.first->grant();
  }
  bool is_closed() const noexcept {
    std::lock_guard lock(guard);
    return is_shut;
  }
  std::size_t size() const noexcept {
    std::lock_guard lock(guard);
    return count();
  }

private:
  // All under the guard. Who waits in pop has seen an empty queue, so the value goes to the first of them directly.
  bool put(T &value) {
    if (!poppers.empty()) {
      hand_over(value, turns++);
      return true;
    }
    if (count() >= capacity)
      return false;
    values.push_back(std::move(value));
    return true;
  }
  void hand_over(T &value, std::uint64_t turn) {
    auto *first = static_cast<pop_awaiter *>(poppers.first);
    first->value.emplace(std::move(value));
    first->turn = turn;
    first->grant();
  }
  // May be one more than there is room for.
  void give_back(T &&value, std::uint64_t turn) {
    if (poppers.empty())
      returned.emplace(turn, std::move(value));
    else
      hand_over(value, turn);
  }
  std::size_t count() const noexcept { return returned.size() + values.size(); }
  std::optional<T> get() {
    if (count() == 0)
      return std::nullopt;
    std::optional<T> oldest;
    if (auto first = returned.begin(); first != returned.end()) {
      oldest.emplace(std::move(first->second));
      returned.erase(first);
    } else {
      oldest.emplace(std::move(values.front()));
      values.pop_front();
    }
    if (!pushers.empty() && count() < capacity) {
      auto *first = static_cast<push_awaiter *>(pushers.first);
      values.push_back(std::move(first->value));
      first->grant();
    }
    return oldest;
  }

  const std::size_t capacity;
  mutable std::mutex guard;
  std::deque<T> values;
  std::map<std::uint64_t, T> returned; // before `values`, by turns: who they were handed to was destroyed
  std::uint64_t turns = 0;
  detail::async_line pushers, poppers;
  bool is_shut = false;
};

} // namespace tenterhook

#endif
