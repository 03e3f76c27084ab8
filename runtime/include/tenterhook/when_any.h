// when_any: runs tasks side by side until the first one ends; the others are told to stop and waited for.
//
//   auto first = co_await when_any(from_cache(key), from_disk(key));
//   use(first.index, std::get<0>(first.value));
//
// Ownership: takes the tasks. Nothing runs any more when it returns, so a loser may use what lives in the caller.
// Resume thread: as when_all.
// Errors: the first one to end decides, with its value or its exception. What the losers come to is dropped: also a value
// that one had taken from somewhere (a queue, a socket) when the winner ended, in the same round of the loop, or that was
// ready when it was started. Where that matters, use timeout, which gives it, or spawn them and use wait_any, which leaves
// it in the handle.
// Cancellation: the losers are stopped through a stop scope of their own, which also forwards the parent's. A loser
// that never looks at its token is waited for all the same. With stop requested, the first to end (with `cancelled`)
// decides.
#ifndef TENTERHOOK_WHEN_ANY_H
#define TENTERHOOK_WHEN_ANY_H

#include <tenterhook/when_all.h>

#include <optional>
#include <stdexcept>

namespace tenterhook {

template <typename V> struct first_of {
  std::size_t index; // of the task that ended first, in the order given
  V value;
};

namespace detail {

// Which child ended first.
struct race {
  latch all;
  stop_scope scope;
  scope_link outer;
  std::atomic<const void *> winner{nullptr};

  template <typename T> static void ended(void *with, child<T> &who) noexcept {
    auto *self = static_cast<race *>(with);
    const void *nobody = nullptr;
    if (self->winner.compare_exchange_strong(nobody, &who, std::memory_order_acq_rel))
      self->scope.request_stop();
  }
  template <typename T> void start(child<T> &each) { each.start(all, &scope, &race::ended<T>, this); }
  // Starts all of them, and waits until all have ended.
  template <typename Children> auto decided(Children &children) {
    auto start_all = [this, &children](stop_scope *parent) {
      outer.connect(parent, scope);
      for_each_child(children, [this](auto &each) { this->start(each); });
    };
    return latch_awaiter<decltype(start_all)>(all, start_all);
  }
};

} // namespace detail

template <typename... Ts>
  requires(sizeof...(Ts) > 0)
task<first_of<std::variant<detail::value_or_unit<Ts>...>>> when_any(task<Ts>... tasks) {
  using value_type = std::variant<detail::value_or_unit<Ts>...>;
  auto children = detail::children_of(std::move(tasks)...);
  detail::race race;
  co_await race.decided(children);
  std::optional<first_of<value_type>> result;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    auto look = [&]<std::size_t At>(std::integral_constant<std::size_t, At>) {
      auto &each = std::get<At>(children);
      if (&each == race.winner.load(std::memory_order_acquire))
        result.emplace(first_of<value_type>{At, value_type(std::in_place_index<At>, detail::take_value(each.result()))});
    };
    (look(std::integral_constant<std::size_t, I>()), ...);
  }(std::index_sequence_for<Ts...>());
  co_return std::move(*result);
}

// Of a range that is not empty (std::invalid_argument).
template <typename T> task<first_of<detail::value_or_unit<T>>> when_any(std::vector<task<T>> tasks) {
  if (tasks.empty())
    throw std::invalid_argument("when_any of no tasks would never end");
  auto children = detail::children_of(std::move(tasks));
  detail::race race;
  co_await race.decided(children);
  std::size_t index = 0;
  while (&children[index] != race.winner.load(std::memory_order_acquire))
    ++index;
  co_return first_of<detail::value_or_unit<T>>{index, detail::take_value(children[index].result())};
}

} // namespace tenterhook

#endif
