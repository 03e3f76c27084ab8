// when_all: runs tasks side by side and waits for all of them.
//
//   auto [page, user] = co_await when_all(fetch(url), load(id));           // a tuple; std::monostate stands for void
//   std::vector<int> sizes = co_await when_all(std::move(vector_of_tasks)); // a range; nothing for task<void>
//
// when_all_settled: the same, and what each of them came to, value or exception (asyncio's gather with
// return_exceptions=True).
//
//   auto [page, user] = co_await when_all_settled(fetch(url), load(id));
//   use(page.has_value() ? page.get() : std::string("nothing"));
//
// Ownership: takes the tasks. Each one's frame, with what it was given, ends with it; nothing runs any more when it
// returns.
// Resume thread: the children start on the awaiting thread; the parent goes on on its own executor.
// Errors: all children are waited for, then when_all throws the exception of the first one (in the order given);
// when_all_settled throws none of them.
// Cancellation: the children share the parent's stop scope. An exception in one does not stop the others (task_group.h
// does that).
#ifndef TENTERHOOK_WHEN_ALL_H
#define TENTERHOOK_WHEN_ALL_H

#include <tenterhook/detail/latch.h>

#include <tuple>
#include <variant>
#include <vector>

namespace tenterhook {

namespace detail {
template <typename T> using value_or_unit = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <typename T> value_or_unit<T> take_value(outcome<T> &from) {
  if constexpr (std::is_void_v<T>) {
    from.take();
    return {};
  } else {
    return from.take();
  }
}
template <typename T> void throw_error(outcome<T> &from) {
  if (std::exception_ptr thrown = from.exception())
    std::rethrow_exception(thrown);
}
} // namespace detail

// What a task came to.
template <typename T> class task_result {
public:
  explicit task_result(detail::outcome<T> &&from) : result(std::move(from)) {}
  bool has_value() const noexcept { return result.has_value(); }
  std::exception_ptr error() const noexcept { return result.exception(); } // null: there is a value
  T get() { return result.take(); }                                        // moves the value out; throws the exception

private:
  detail::outcome<T> result;
};

template <typename... Ts>
  requires(sizeof...(Ts) > 0)
task<std::tuple<detail::value_or_unit<Ts>...>> when_all(task<Ts>... tasks) {
  auto children = detail::children_of(std::move(tasks)...);
  detail::latch all;
  co_await detail::all_ended(children, all);
  // Errors first: no value is moved out of a child in vain.
  detail::for_each_child(children, [](auto &each) { detail::throw_error(each.result()); });
  co_return std::apply(
      [](auto &...each) { return std::tuple<detail::value_or_unit<Ts>...>{detail::take_value(each.result())...}; }, children);
}

template <typename T>
task<std::conditional_t<std::is_void_v<T>, void, std::vector<detail::value_or_unit<T>>>> when_all(std::vector<task<T>> tasks) {
  auto children = detail::children_of(std::move(tasks));
  detail::latch all;
  co_await detail::all_ended(children, all);
  detail::for_each_child(children, [](auto &each) { detail::throw_error(each.result()); });
  if constexpr (!std::is_void_v<T>) {
    std::vector<T> values;
    values.reserve(children.size());
    for (auto &each : children)
      values.push_back(each.result().take());
    co_return values;
  }
}

template <typename... Ts>
  requires(sizeof...(Ts) > 0)
task<std::tuple<task_result<Ts>...>> when_all_settled(task<Ts>... tasks) {
  auto children = detail::children_of(std::move(tasks)...);
  detail::latch all;
  co_await detail::all_ended(children, all);
  co_return std::apply([](auto &...each) { return std::tuple<task_result<Ts>...>{task_result<Ts>(std::move(each.result()))...}; },
                       children);
}

template <typename T> task<std::vector<task_result<T>>> when_all_settled(std::vector<task<T>> tasks) {
  auto children = detail::children_of(std::move(tasks));
  detail::latch all;
  co_await detail::all_ended(children, all);
  std::vector<task_result<T>> results;
  results.reserve(children.size());
  for (auto &each : children)
    results.emplace_back(std::move(each.result()));
  co_return results;
}

} // namespace tenterhook

#endif
