// Silent: somebody else has the awaitable now.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

task<int> load();
task<> work();
awaitable<> nap();
eager_task<> begin();

// Returned.
task<int> direct() { return load(); }
task<int> named() {
  auto t = load();
  return t;
}
task<int> moved() {
  auto t = load();
  return std::move(t);
}
task<task<int>> from_coroutine() {
  auto t = load();
  co_return std::move(t);
}
std::pair<task<int>, int> in_a_pair() {
  auto t = load();
  return {std::move(t), 1};
}
std::optional<task<int>> in_an_optional() {
  auto t = load();
  return t;
}
struct Result {
  task<int> value;
  int number;
};
Result in_a_struct() {
  auto t = load();
  return {std::move(t), 1};
}
auto comma() { return use(1), load(); }
auto chosen(bool b) { return b ? load() : task<int>(); }
generator<task<>> yielded() {
  co_yield work();
  auto t = work();
  co_yield std::move(t);
}
struct Thrown {
  awaitable<> a;
};
void thrown() { throw Thrown{nap()}; }

// Passed on.
void take(task<>);
void take_reference(task<> &);
void take_pointer(awaitable<> *);
struct Group {
  Group(task<>);
  Group();
  void add(task<>);
  Group &operator<<(task<>);
  task<> operator|(int);
};
task<> operator+(task<>, task<>);
void passed(Group &group) {
  spawn(work());
  take(work());
  Group made(work());
  Group braced{work()};
  Group converted = work();
  group.add(work());
  group << work();
  auto named = work();
  take(std::move(named));
  auto by_reference = work();
  take_reference(by_reference);
  auto by_pointer = nap();
  take_pointer(&by_pointer);
  auto forwarded = work();
  spawn(std::forward<task<>>(forwarded));
  auto wrapped = work();
  std::invoke(take_reference, std::ref(wrapped));
  auto added = work() + work();
  spawn(std::move(added));
  new Group(work());
  static_cast<Group>(work());
}
task<> passed_and_awaited() {
  co_await when_all(work(), nap());
  auto a = work();
  auto b = work();
  co_await when_all(std::move(a), std::move(b));
}
template <class... T> void pass_all(T... t) { (spawn(std::move(t)), ...); }
void packs() { pass_all(work(), work()); }

// Stored where it outlives the function.
task<> g_task;
struct Owner {
  task<> field = work();
  task<> other;
  std::vector<task<>> all;
  static task<> shared;
  Owner() : other(work()) {}
  void keep() {
    field = work();
    this->other = work();
    all.push_back(work());
    all.emplace_back(work());
    shared = work();
    auto t = work();
    all.push_back(std::move(t));
  }
};
void kept(Owner &owner, task<> &out, task<> *pointer, std::vector<task<>> &all, std::map<int, task<>> &by_id) {
  g_task = work();
  owner.field = work();
  out = work();
  *pointer = work();
  all[0] = work();
  by_id[1] = work();
  by_id.emplace(2, work());
  auto *on_heap = new task<>(work());
  all.push_back(std::move(*on_heap));
  static task<> once = work();
  Result result{load(), 1};
  auto t = work();
  out = std::move(t);
  auto u = work();
  std::swap(u, out);
  auto &slot = all[1];
  slot = work();
}
void kept_by_lambda(std::vector<std::function<void()>> &later) {
  auto t = std::make_shared<task<>>(work());
  later.push_back([t] { spawn(std::move(*t)); });
}

// Captured.
task<> captured() {
  auto t = work();
  auto by_reference = [&]() -> task<> { co_await t; };
  co_await by_reference();
  auto u = work();
  auto by_move = [u = std::move(u)]() mutable -> task<> { co_await std::move(u); };
  co_await by_move();
  auto v = work();
  spawn([](task<> inner) -> task<> { co_await std::move(inner); }(std::move(v)));
  auto w = work();
  auto generic = [&w](auto) { spawn(std::move(w)); };
  generic(1);
}
task<> captured_by_a_lambda_whose_body_is_not_seen(const std::vector<int> &numbers) {
  auto t = work();
  std::for_each(numbers.begin(), numbers.end(), [&t](auto &&) { spawn(std::move(t)); });
  co_return;
}
task<> captured_twice() {
  auto t = work();
  auto outer = [&] {
    auto inner = [&] { spawn(std::move(t)); };
    inner();
  };
  outer();
  co_return;
}
