// What is not found, and what is found although it is right.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <memory>
#include <optional>
#include <vector>

task<int> load();
[[noreturn]] void fail();
struct trivial {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
trivial begin_one();

// A task inside of another object is not followed.
struct pair_of_tasks {
  task<int> first, second;
};
void FN_in_an_aggregate() { pair_of_tasks two{load(), load()}; }
// Whether what is in a container was awaited is not followed, only whether anybody looked.
task<> FN_looked_at_in_a_container() {
  std::vector<task<int>> all;
  all.push_back(load());
  for (auto &each : all) use(sizeof each);
  co_return;
}

// A parameter without a name is ignored on purpose; its callers are not told.
void ignore(task<int>);
void ignore(task<int>) {}
void FN_given_to_who_ignores_it() { ignore(load()); }

// Objects that are constructed by name may be awaited by others.
void FN_constructed_by_name() { auto pause = trivial{}; }

// Any use counts as a hand-over.
void FN_aliased() {
  auto a = load();
  auto &alias = a;
}

// A condition that is more than one comparison is not remembered.
task<> FP_compound_condition(int n) {
  task<int> t;
  if (n % 2 == 1) t = load(); // finding: discarded-awaitable likely
  if (n % 2 == 1) co_await t;
}
