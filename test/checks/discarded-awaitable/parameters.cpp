// A task that is given by value is the function's alone: who does not await it on some path loses it there.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <memory>
#include <utility>

bool stop();

task<int> early(task<int> given, bool done) { // finding: discarded-awaitable likely "parameter 'given' of 'early' is not awaited on every path; there the task never runs" "is given the awaitable"
  if (done)
    co_return 0;
  co_return co_await std::move(given);
}
task<> one_branch(task<> given, int n) { // finding: discarded-awaitable likely
  if (n > 3)
    co_await given;
  use(n);
}
void plain_function(task<int> given, bool wanted) { // finding: discarded-awaitable likely "only a coroutine can await"
  if (!wanted)
    return;
  sync_wait(std::move(given));
}
task<> in_switch(task<> given, int n) { // finding: discarded-awaitable likely
  switch (n) {
  case 1: co_await given; break;
  default: use(n);
  }
}
task<> eager(eager_task<> given, bool done) { // finding: discarded-awaitable likely "nobody waits for the task"
  if (done)
    co_return;
  co_await given;
}
task<> never(task<int> given) { co_return; } // finding: discarded-awaitable likely "never awaited"
struct Runner {
  task<> run(task<> job, bool now) { // finding: discarded-awaitable likely "of 'Runner::run'"
    if (now)
      co_await job;
  }
  Runner(task<> job, bool keep) { // finding: discarded-awaitable likely
    if (keep)
      job_ = std::move(job);
  }
  task<> job_;
};
auto in_lambda = [](task<> given, bool now) -> task<> { // finding: discarded-awaitable likely
  if (now)
    co_await given;
};
template <class T> task<T> in_template(task<T> given, bool now) { // finding: discarded-awaitable likely
  if (now)
    co_return co_await given;
  co_return T();
}
task<> instantiates() { use(co_await in_template(task<int>(), true)); }
task<> only_awaited_in_a_loop(task<> given, int n) { // finding: discarded-awaitable possible
  while (n-- > 0)
    co_await given;
}
task<> overwritten(task<int> given) { // finding: discarded-awaitable likely "overwritten before it is awaited"
  given = task<int>();
  co_return;
}

// Silent.
task<int> always(task<int> given) { co_return co_await given; }
task<> both_branches(task<> given, bool b) {
  if (b)
    co_await given;
  else
    co_await std::move(given);
}
void hands_on(task<> given) { spawn(std::move(given)); }
task<> returns_it(task<> given) { return given; }
struct Owner {
  explicit Owner(task<> job) : job_(std::move(job)) {}
  void set(task<> job) { job_ = std::move(job); }
  task<> job_;
};
task<> throws(task<> given) {
  if (stop())
    throw 1;
  co_await given;
}
task<> by_reference(task<> &given, bool b) {
  if (b)
    co_await given;
}
task<> by_rvalue_reference(task<> &&given, bool b) {
  if (b)
    co_await given;
}
task<> by_pointer(task<> *given, bool b) {
  if (b)
    co_await *given;
}
task<> captured(task<> given) {
  auto later = [job = std::move(given)]() mutable -> task<> { co_await job; };
  co_await later();
}
task<> correlated(task<> given, bool wanted) {
  if (wanted)
    co_await given;
  if (!wanted)
    spawn(std::move(given));
}
// Nobody is told the name: it is ignored on purpose.
void ignores(task<>) {}
void on_purpose(task<> given) { (void)given; }
// What the interface gives need not be of use to everyone.
struct Sink {
  virtual ~Sink();
  virtual void put(task<> job) {}
};
struct Null : Sink {
  void put(task<> job) override {}
};
// An event, a timer: not a task.
awaitable<> other_awaitable();
task<> not_a_task(awaitable<> pause, bool b) {
  if (b)
    co_await pause;
}
