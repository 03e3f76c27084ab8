// wait_any: waits until one of several spawned tasks or futures has ended; all of them stay with the caller, and those
// that have not ended run on (asyncio.wait and concurrent.futures.wait with FIRST_COMPLETED).
//
//   std::vector<join_handle<int>> running = start_all();
//   while (!running.empty()) {
//     auto ended = running.begin() + std::ptrdiff_t(co_await wait_any(running));
//     use(co_await *ended);                       // at once: it has ended
//     running.erase(ended);
//   }
//   std::size_t which = co_await wait_any(a, b);  // join handles and futures of any types
//
// Gives the index of one that has ended; if several have when the wait is over, that of the first in the order given,
// whichever ended first. Its value or exception is where it was: in the handle or the future, also of one that ends in the same
// round of the loop, or that is told to stop when it has a value already: await each handle that was told. when_any.h is for
// tasks that lose when another one wins.
// Ownership: borrows the handles and futures, which must stay where they are until the wait is over; nobody else may
// wait for them meanwhile. Afterwards they can be awaited, waited for again, or dropped.
// Threads: any executor. Resume thread: the one on which it was awaited.
// Errors: std::invalid_argument for an empty range; std::logic_error where no executor runs.
// Cancellation: a stop request ends the wait with `cancelled`, and nothing else: the tasks are not told.
#ifndef TENTERHOOK_WAIT_ANY_H
#define TENTERHOOK_WAIT_ANY_H

#include <tenterhook/future.h>
#include <tenterhook/spawn.h>

#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <vector>

namespace tenterhook {

namespace detail {

// Shared by the wait and those that end while it goes away.
class any_end {
public:
  // Stands at one task or future; keeps what it tells alive until it is told or was taken away.
  struct node : future_waiter, task_joiner {
    std::shared_ptr<any_end> keeps;

    node() noexcept {
      act = [](future_waiter *self) noexcept { static_cast<node *>(self)->tell(); };
      ended = [](task_joiner *self) noexcept { static_cast<node *>(self)->tell(); };
    }
    node(const node &) = delete;
    void tell() noexcept {
      std::shared_ptr<any_end> kept = std::move(keeps);
      kept->one_ended();
    }
  };

  explicit any_end(std::size_t count) : nodes(count) {}
  future<void> first() { return told->get_future(); }

  void one_ended() noexcept {
    std::optional<tenterhook::promise<void>> taken;
    {
      std::lock_guard lock(guard);
      if (!told)
        return;
      taken.swap(told);
    }
    taken->set_value(); // outside the lock: who waits may go on within it
  }

  std::vector<node> nodes;

private:
  std::mutex guard; // of `told`; a leaf
  std::optional<tenterhook::promise<void>> told{std::in_place};
};

// One of those that are waited for.
struct any_source {
  void *object;
  bool (*install)(void *, any_end::node &) noexcept;  // false: it has ended
  bool (*withdraw)(void *, any_end::node &) noexcept; // false: it was told, or is being told
  bool (*has_ended)(void *) noexcept;

  template <typename T> static any_source of(future<T> &from) noexcept {
    assert(from.state_ && "a future whose result was taken or moved away");
    return {static_cast<future_state_base *>(from.state_.get()),
            [](void *state, any_end::node &node) noexcept { return static_cast<future_state_base *>(state)->install(node); },
            [](void *state, any_end::node &node) noexcept { return static_cast<future_state_base *>(state)->withdraw(node); },
            [](void *state) noexcept { return static_cast<future_state_base *>(state)->is_ready(); }};
  }
  static state_ref<void> state_of(future<void> &&from) noexcept { return std::move(from.state_); }
  template <typename T> static any_source of(join_handle<T> &from) noexcept {
    assert(from.state && "a handle that was moved from");
    return {from.state, [](void *state, any_end::node &node) noexcept { return static_cast<root_task *>(state)->join(node); },
            [](void *state, any_end::node &node) noexcept {
              static_cast<root_task *>(state)->leave(node);
              return true;
            },
            [](void *state) noexcept { return static_cast<root_task *>(state)->is_done(); }};
  }
};

} // namespace detail

class [[nodiscard]] wait_any_awaiter {
public:
  static constexpr trace::Wait wait_kind = trace::Wait::task;
  std::source_location place;

  explicit wait_any_awaiter(std::vector<detail::any_source> of) : sources(std::move(of)) {
    if (sources.empty())
      throw std::invalid_argument("wait_any of nothing would never end");
  }
  wait_any_awaiter(const wait_any_awaiter &) = delete;
  ~wait_any_awaiter() { leave(); }

  bool await_ready() {
    detail::this_executor("wait_any"); // elsewhere it would go on within what it then waits for to be over
    end = std::make_shared<detail::any_end>(sources.size());
    waits.emplace(detail::any_source::state_of(end->first()));
    for (; installed != sources.size(); ++installed) {
      detail::any_end::node &node = end->nodes[installed];
      node.keeps = end;
      if (!sources[installed].install(sources[installed].object, node)) {
        node.tell();
        return true;
      }
    }
    return waits->await_ready();
  }
  template <typename Promise> bool await_suspend(std::coroutine_handle<Promise> handle) {
    waits->place = place;
    return waits->await_suspend(handle);
  }
  std::size_t await_resume() {
    leave();
    waits->await_resume(); // `cancelled`
    std::size_t first = 0;
    while (!sources[first].has_ended(sources[first].object)) // one has
      ++first;
    return first;
  }

private:
  void leave() noexcept {
    while (installed != 0) {
      --installed;
      detail::any_end::node &node = end->nodes[installed];
      if (sources[installed].withdraw(sources[installed].object, node))
        node.keeps = nullptr;
    }
  }

  std::vector<detail::any_source> sources;
  std::shared_ptr<detail::any_end> end;
  std::optional<future<void>::awaiter> waits;
  std::size_t installed = 0;
};

namespace detail {
template <typename T>
concept waited_for = requires(T &each) { any_source::of(each); };
} // namespace detail

// A vector, array or span of join handles or of futures.
template <typename Range>
  requires(!detail::waited_for<Range>)
wait_any_awaiter wait_any(Range &running) {
  std::vector<detail::any_source> sources;
  for (auto &each : running)
    sources.push_back(detail::any_source::of(each));
  return wait_any_awaiter(std::move(sources));
}

template <typename... Waited>
  requires(sizeof...(Waited) > 0 && (detail::waited_for<Waited> && ...))
wait_any_awaiter wait_any(Waited &...running) {
  return wait_any_awaiter(std::vector{detail::any_source::of(running)...});
}

} // namespace tenterhook

#endif
