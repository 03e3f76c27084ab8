// An awaitable that was moved into another variable, or into an object that does nothing but own it, is still pending.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <array>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

task<int> load();
task<> keep(std::optional<task<int>>);
task<> run(std::unique_ptr<task<int>>);

void optional() {
  std::optional<task<int>> t = load(); // finding: discarded-awaitable "stored in 't'"
}
void heap() {
  auto t = std::make_unique<task<int>>(load()); // finding: discarded-awaitable
}
void pair(bool) {
  std::pair<int, task<int>> t{1, load()}; // finding: discarded-awaitable
}
void tuple() {
  std::tuple<task<int>, int> t{load(), 1}; // finding: discarded-awaitable
}
void moved() {
  auto t = load();
  auto u = std::move(t); // finding: discarded-awaitable likely "'u'"
}
void moved_parameter(task<int> t) {
  task<int> u(std::move(t)); // finding: discarded-awaitable likely
}
task<> moved_on_one_path(bool b) {
  auto t = load();
  auto u = std::move(t); // finding: discarded-awaitable likely
  if (b) co_await u;
}

// Silent: somebody looks at it.
task<> optional_awaited() {
  std::optional<task<int>> t = load();
  use(co_await *t);
}
task<> optional_handed_over() {
  std::optional<task<int>> t = load();
  co_await keep(std::move(t));
}
task<> heap_handed_over() {
  auto t = std::make_unique<task<int>>(load());
  co_await run(std::move(t));
}
std::unique_ptr<task<int>> returned() {
  auto t = std::make_unique<task<int>>(load());
  return t;
}
task<> moved_and_awaited() {
  auto t = load();
  auto u = std::move(t);
  use(co_await u);
}
struct owner {
  explicit owner(task<int> t) : task_(std::move(t)) {}
  task<int> task_;
};
void optional_of_something_else(task<int> t) {
  std::optional<int> n = 1;
  std::optional<task<int>> empty;
  (void)t;
}
void optional_on_purpose() {
  std::optional<task<int>> t = load();
  (void)t;
}
void array_of_tasks() {
  std::array<task<int>, 2> t{load(), load()}; // finding: discarded-awaitable
}
task<> array_awaited() {
  std::array<task<int>, 2> t{load(), load()};
  for (auto &one : t)
    use(co_await one);
}
