// The condition that made the awaitable is the condition that awaits it.
// RUN: %verify %s
#include "../Inputs/task.h"

task<int> load();
bool compute();

task<> made_and_awaited_if(bool wanted) {
  task<int> t;
  if (wanted) t = load();
  use(1);
  if (wanted) co_await t;
}
task<> early_out(bool wanted) {
  task<int> t;
  if (wanted) t = load();
  if (!wanted) co_return;
  co_await t;
}
task<> local_flag() {
  const bool wanted = compute();
  auto t = wanted ? load() : task<int>();
  use(2);
  if (wanted) use(co_await t);
}
task<> by_value(int mode) {
  task<int> t;
  if (mode == 2) t = load();
  use(3);
  if (mode == 2) co_await t;
}
task<> by_pointer(const char *name) {
  task<int> t;
  if (name != nullptr) t = load();
  use(3);
  if (name) co_await t;
}
struct Options {
  bool prefetch;
};
task<> by_field(const Options &options) {
  task<int> t;
  if (options.prefetch) t = load();
  if (options.prefetch) co_await t;
}
task<> by_relation(int n) {
  task<int> t;
  if (n > 3) t = load();
  if (n <= 3) co_return;
  co_await t;
}
task<> by_two_variables(int n, int limit) {
  task<int> t;
  if (n < limit) t = load();
  use(1);
  if (n < limit) co_await t;
}

// Not the same condition any more.
task<> changed(bool wanted) {
  task<int> t;
  if (wanted) t = load(); // finding: discarded-awaitable likely
  wanted = compute();
  if (wanted) co_await t;
}
task<> another(bool wanted, bool other) {
  task<int> t;
  if (wanted) t = load(); // finding: discarded-awaitable likely
  if (other) co_await t;
}
task<> opposite(bool wanted) {
  task<int> t;
  if (wanted) t = load(); // finding: discarded-awaitable certain "never awaited"
  if (!wanted) co_await t;
}
task<> another_limit(int n) {
  task<int> t;
  if (n > 3) t = load(); // finding: discarded-awaitable likely
  if (n > 4) co_await t;
}
task<> limit_changed(int n, int limit) {
  task<int> t;
  if (n < limit) t = load(); // finding: discarded-awaitable likely
  ++limit;
  if (n < limit) co_await t;
}
