// Whatever is called: methods, virtual ones, operators, templates, function objects, lambdas, pointers to functions.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <functional>
#include <memory>

struct Session {
  task<> run() { co_return; }
  static task<> start();
  virtual task<> stop();
  virtual task<> close() = 0;
  task<> operator()(int);
  task<> operator++();
  task<> operator<<(int);
  void calls_own();
};
struct TcpSession : Session {
  task<> stop() override { co_return; }
  task<> close() override { co_return; }
};

void Session::calls_own() {
  run();          // finding: discarded-awaitable certain "'Session::run' returns"
  this->stop();   // finding: discarded-awaitable
  close();        // finding: discarded-awaitable
  Session::stop(); // finding: discarded-awaitable
}

void methods(Session &session, TcpSession *tcp, std::unique_ptr<Session> owned, std::shared_ptr<TcpSession> shared) {
  session.run();    // finding: discarded-awaitable
  Session::start(); // finding: discarded-awaitable
  session.stop();   // finding: discarded-awaitable
  tcp->close();     // finding: discarded-awaitable
  owned->close();   // finding: discarded-awaitable
  shared->run();    // finding: discarded-awaitable
  session(1);       // finding: discarded-awaitable
  ++session;        // finding: discarded-awaitable
  session << 1;     // finding: discarded-awaitable
}

template <class T> task<T> make(T value) { co_return value; }
template <class F> void call_it(F f) {
  f(); // finding: discarded-awaitable
}
template <class S> void run_any(S &s) {
  s.run(); // finding: discarded-awaitable certain "'Session::run' returns"
}
void templates(Session &session, TcpSession &tcp) {
  make(1);        // finding: discarded-awaitable
  make<long>(1);  // finding: discarded-awaitable
  make("text");   // finding: discarded-awaitable
  call_it([] { return make(1); });
  call_it([] { return make(2L); });
  call_it([] { return 3; });
  run_any(session);
  run_any(tcp);
}

task<> free_one();
void values(std::function<task<>()> factory, task<> (*pointer)(), task<> (Session::*method)(), Session &session) {
  factory(); // finding: discarded-awaitable certain "'factory' returns"
  pointer(); // finding: discarded-awaitable certain "'pointer' returns"
  (*pointer)(); // finding: discarded-awaitable
  (session.*method)(); // finding: discarded-awaitable
  std::invoke(free_one); // finding: discarded-awaitable
}

struct Handlers {
  std::function<task<>(int)> on_message;
  void deliver() {
    on_message(1); // finding: discarded-awaitable certain "'on_message' returns"
  }
};

void lambdas() {
  auto work = []() -> task<> { co_return; };
  work(); // finding: discarded-awaitable certain "'work' returns"
  []() -> task<> { co_return; }(); // finding: discarded-awaitable certain "the lambda returns"
  [&]() -> eager_task<> { co_return; }(); // finding: discarded-awaitable certain
}

task<> nested() {
  auto outer = [&]() -> task<> {
    auto inner = []() -> task<> { co_return; };
    inner(); // finding: discarded-awaitable
    co_await inner();
  };
  co_await outer();
}
