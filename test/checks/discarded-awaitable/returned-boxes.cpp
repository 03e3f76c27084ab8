// Calls that return an object that owns tasks: who drops it, drops them.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

std::optional<task<int>> maybe();
std::unique_ptr<task<>> owned();
std::vector<task<>> all();
std::pair<int, task<>> numbered();
std::tuple<int, task<>, int> several();
std::variant<int, task<>> either();
std::optional<std::vector<task<>>> nested();
std::map<int, task<>> by_id();
std::vector<eager_task<>> running();
bool stop();

void dropped() {
  maybe();    // finding: discarded-awaitable likely "The 'std::optional<task<int>>' that 'maybe' returns is dropped here; the task never runs"
  owned();    // finding: discarded-awaitable
  all();      // finding: discarded-awaitable
  numbered(); // finding: discarded-awaitable
  several();  // finding: discarded-awaitable
  either();   // finding: discarded-awaitable
  nested();   // finding: discarded-awaitable
  by_id();    // finding: discarded-awaitable
  running();  // finding: discarded-awaitable "nobody waits for the task"
}
void made_here() {
  std::make_unique<task<>>(task<>());
  std::make_pair(1, all()); // finding: discarded-awaitable
}
task<> stored() {
  auto one = maybe(); // finding: discarded-awaitable likely "is stored in 'one' and never awaited"
  auto tasks = all(); // finding: discarded-awaitable likely
  const auto pair = numbered(); // finding: discarded-awaitable likely
  co_return;
}
task<> on_some_path(bool b) {
  auto tasks = all(); // finding: discarded-awaitable likely "not awaited on every path"
  if (b)
    co_return;
  for (auto &t : tasks)
    co_await t;
}
task<> bound(bool b) {
  auto [number, job] = numbered(); // finding: discarded-awaitable "structured binding"
  co_return;
}
task<> overwritten() {
  auto one = maybe(); // finding: discarded-awaitable "overwritten"
  one = maybe();
  if (one)
    co_await *one;
}
struct Pool {
  std::optional<task<>> next();
  void drain() {
    while (stop())
      next(); // finding: discarded-awaitable "'Pool::next' returns"
  }
};

// Silent: somebody looks into the box.
task<> used() {
  auto m = maybe();
  if (m)
    co_await *m;
  if (auto n = maybe())
    co_await *n;
  auto o = maybe();
  if (!o)
    co_return;
  co_await *o;
}
task<> used_all() {
  for (auto &t : all())
    co_await t;
  auto tasks = all();
  if (tasks.empty())
    co_return;
  for (auto &t : tasks)
    co_await t;
  auto [n, t] = numbered();
  co_await t;
}
void given_on(std::vector<std::vector<task<>>> &groups) {
  groups.push_back(all());
  auto p = owned();
  spawn(std::move(*p));
  (void)maybe();
  use(static_cast<int>(all().size()));
}
std::vector<task<>> returned() {
  auto tasks = all();
  return tasks;
}
// Boxes of something else, and boxes that others share.
std::vector<int> numbers();
std::shared_ptr<task<>> shared();
std::vector<task<>> &known();
std::vector<task<>>::iterator first();
void others() {
  numbers();
  shared();
  known();
  first();
}
