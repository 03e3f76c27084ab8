// What to do must be possible where it is said: only a coroutine awaits, and a task that never ran is not dropped on purpose.
// RUN: %verify %s
// RUN: %tenterhook check --format json --min-confidence possible --fail-on never %s -- -std=c++20 > %t.json
// RUN: %python -c "import json, sys; d = json.load(open(sys.argv[1])); [sys.exit(str(f)) for f in d['findings'] if ('co_await it' in f['instead']) != ('in_a_coroutine' in f['function']) or ('cast it to void' in f['instead'] and 'never runs' in f['message'])]" %t.json
#include "../Inputs/task.h"

struct lock_units {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  async_guard await_resume();
};
struct Shard {
  async_mutex mutex_;
  Shard *next;
};
task<> load();
eager_task<> begin();

task<> in_a_coroutine(Shard &shard, Shard *other) {
  load();  // finding: discarded-awaitable "co_await it, or hand it to something that runs it."
  begin(); // finding: discarded-awaitable "co_await it, hand it to something that does, or cast it to void if it is meant to be dropped."
  shard.mutex_.lock(); // finding: discarded-awaitable "'auto guard = co_await shard.mutex_.lock(…);'"
  other->next->mutex_.scoped_lock(); // finding: discarded-awaitable "mutex_.scoped_lock(…);'"
  co_return;
}
void in_a_plain_function(Shard &shard) {
  load();  // finding: discarded-awaitable "Hand it to something that runs it; only a coroutine can await."
  begin(); // finding: discarded-awaitable "Hand it to something that waits for it, or cast it to void if it is meant to be dropped."
  shard.mutex_.lock(); // finding: discarded-awaitable "Take it in a coroutine: 'auto guard = co_await shard.mutex_.lock(…);'."
}
struct Session {
  Session() {
    load(); // finding: discarded-awaitable "only a coroutine can await"
  }
  ~Session() {
    load();  // finding: discarded-awaitable "only a coroutine can await"
    begin(); // finding: discarded-awaitable "waits for it"
  }
};
int main() {
  load(); // finding: discarded-awaitable "only a coroutine can await"
  auto later = load(); // finding: discarded-awaitable "only a coroutine can await"
}
auto in_a_plain_lambda = [] {
  load(); // finding: discarded-awaitable "only a coroutine can await"
};
