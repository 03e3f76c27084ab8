// Silent: stored, and awaited on every path.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <tuple>

task<int> load();
task<> work();
awaitable<> pause();
bool stop();

task<> temporaries() {
  co_await load();
  co_await (load());
  use(co_await load());
  int n = co_await load() + co_await load();
  if (co_await load() > n) use(n);
  while (co_await load() > n) use(n);
  for (int i = co_await load(); i < co_await load(); i += co_await load()) use(i);
  co_await when_all(work(), work());
  use(1), co_await work();
  n ? co_await work() : co_await pause();
  co_await (n ? work() : task<>());
}

task<> once() {
  auto t = load();
  use(1);
  co_await t;
}
task<> moved() {
  auto t = load();
  co_await std::move(t);
}
task<> rvalue_reference() {
  auto &&t = load();
  co_await t;
}
task<> const_reference() {
  const auto &t = pause();
  co_await const_cast<awaitable<> &>(t);
}
task<> static_cast_reference() {
  auto t = load();
  co_await static_cast<task<int> &&>(t);
}
task<> both_branches(bool b) {
  auto t = load();
  if (b) {
    use(co_await t);
  } else {
    use(2);
    co_await std::move(t);
  }
}
task<> every_case(int n) {
  auto t = load();
  switch (n) {
  case 1: co_await t; break;
  case 2: [[fallthrough]];
  default: co_await t;
  }
}
task<> in_a_loop(int n) {
  for (int i = 0; i < n; ++i) {
    auto t = load();
    use(i);
    co_await t;
  }
  for (;;) {
    auto t = load();
    if (co_await t > 3) break;
  }
  auto u = load();
  do use(co_await u); while (stop());
}
task<> pipelined(int n) {
  auto next = load();
  for (int i = 0; i < n; ++i) {
    use(co_await next);
    next = load();
  }
  co_await next;
}
task<> through_a_reference() {
  auto t = load();
  auto &r = t;
  co_await r;
}
task<> through_a_pointer() {
  auto t = load();
  task<int> *p = &t;
  co_await *p;
}
task<> through_a_chosen_reference(bool b) {
  auto t = load();
  auto u = load();
  auto &r = b ? t : u;
  auto &other = b ? u : t;
  co_await r;
  co_await other;
}
task<> through_an_assigned_pointer() {
  auto t = load();
  task<int> *p;
  p = &t;
  co_await *p;
}
task<> through_a_chosen_operand(bool b) {
  auto t = load();
  auto u = load();
  co_await (b ? t : u);
  co_await (b ? u : t);
}
task<> through_a_list() {
  auto t = load();
  auto u = load();
  for (auto *p : {&t, &u}) co_await *p;
}
task<> through_an_array() {
  auto t = load();
  auto u = load();
  task<int> *all[] = {&t, &u};
  for (auto *p : all) co_await *p;
}
struct Pair {
  task<int> &a;
  task<int> *b;
};
task<> through_a_struct() {
  auto t = load();
  auto u = load();
  Pair p{t, &u};
  co_await p.a;
  co_await *p.b;
}
task<> moved_to_another_variable() {
  auto t = load();
  auto u = std::move(t);
  co_await u;
  task<int> v;
  auto w = load();
  v = std::move(w);
  co_await v;
}
task<> conditional_expression(bool b) {
  auto t = b ? load() : task<int>();
  co_await t;
}
task<> conditional_calls(bool b) {
  auto t = b ? load() : load();
  co_await t;
}
struct Both {
  task<int> first;
  int second;
};
Both both();
std::tuple<task<int>, task<int>> two();
task<> structured_binding() {
  auto [t, n] = both();
  co_await t;
  auto [a, b] = two();
  co_await a;
  co_await b;
}
task<> nested_scope() {
  auto t = load();
  {
    use(1);
    co_await t;
  }
}
task<> ends_in_an_endless_loop() {
  auto t = work();
  for (;;) {
    co_await tick();
    if (stop()) {
      co_await t;
      co_return;
    }
  }
}
task<> await_in_condition() {
  auto t = load();
  if (co_await t > 1) use(1);
  if (auto u = load(); co_await u > 1) use(1);
}
void driven() {
  auto t = load();
  use(sync_wait(std::move(t)));
}
