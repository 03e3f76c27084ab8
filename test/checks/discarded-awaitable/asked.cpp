// Silent: the awaitable is asked, chained or started by its own methods.
// RUN: %verify %s
#include "../Inputs/task.h"

struct future {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
  bool available() const;
  bool valid() const;
  int get();
  void start();
  void detach() &&;
  void ignore();
  void cancel();
  void on_done(void (*)(int));
  future then(void (*)(int));
  future finally(void (*)());
  explicit operator bool() const;
  int state;
};
future begin();
bool operator==(const future &, int);

void by_methods_of_the_call() {
  begin().start();
  begin().detach();
  begin().ignore();
  begin().get();
  begin().on_done([](int) {});
  if (begin().available()) use(1);
  if (begin()) use(2);
  use(begin().state);
}

void by_methods_of_the_variable(bool b) {
  auto a = begin();
  if (a.available()) use(a.get());
  auto v = begin();
  if (!v.valid()) return;
  auto s = begin();
  s.start();
  auto d = begin();
  std::move(d).detach();
  auto t = begin();
  t.on_done([](int) {});
  auto c = begin();
  if (c) use(1);
  auto e = begin();
  if (e == 1) use(1);
  auto f = begin();
  use(f.state);
  auto g = begin();
  while (!g) use(1);
}

task<> chained() {
  co_await begin().then([](int) {});
  auto later = begin().then([](int) {}).then([](int) {});
  co_await later;
  auto t = begin();
  auto u = t.then([](int) {});
  co_await u;
}

// The end of a chain is an awaitable too. Where nothing says that it is lazy, dropping it is the common way to say
// that nobody waits for the end.
void end_of_chain() {
  begin().then([](int) {});    // finding: discarded-awaitable possible
  begin().finally([] {});      // finding: discarded-awaitable possible
}

struct lazy {
  task<> then(void (*)());
};
lazy start_lazily();
void end_of_lazy_chain() {
  start_lazily().then([] {}); // finding: discarded-awaitable certain "the task never runs"
}
