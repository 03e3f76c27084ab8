// Loops that a caller may be on already, that belong to one object, that are not there.
// RUN: %verify %s --config %S/Inputs/app.yaml -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <app.h>
#include <functional>
#include <future>
#include <memory>
#include <thread>
using namespace std::chrono_literals;

// On the loop's own thread the callable runs at once: the promise is kept by the time anybody waits.
struct Loop {
  app::Loop loop;
  bool is_current() const;
  template <typename F> void run(F f) {
    if (is_current())
      f();
    else
      loop.post(f);
  }
};
struct Connection {
  Loop *loop_;
  void disconnect() {
    std::promise<int> promise;
    auto done = promise.get_future();
    loop_->run([&promise] { promise.set_value(1); });
    done.get(); // finding: blocking-call-in-coroutine possible
  }
  void disconnect_later() {
    std::promise<int> promise;
    auto done = promise.get_future();
    loop_->loop.post([&promise] { promise.set_value(1); });
    done.get(); // finding: blocking-call-in-coroutine likely
  }
  void runs_something_else() {
    std::promise<int> promise;
    auto done = promise.get_future();
    loop_->run([] { use(1); });
    done.get(); // finding: blocking-call-in-coroutine likely
  }
};
task<> session(Connection &connection) {
  co_await tick();
  connection.disconnect();
  connection.disconnect_later();
  connection.runs_something_else();
}

// A loop in a thread that one object keeps for itself: who else runs there is that object's business.
struct Worker {
  app::Loop &loop();
  app::Loop *pointer();
  std::thread thread_;
};
struct LoopThread { // a name says nothing
  app::Loop &loop();
};
class Watcher {
public:
  void start() {
    thread_.loop().post([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine likely
    thread_.pointer()->post([] { std::this_thread::sleep_for(2s); }); // finding: blocking-call-in-coroutine likely
    named_.loop().post([] { std::this_thread::sleep_for(1s); });  // finding: blocking-call-in-coroutine certain
    shared_->post([] { std::this_thread::sleep_for(1s); });       // finding: blocking-call-in-coroutine certain
  }

private:
  Worker thread_;
  LoopThread named_;
  app::Loop *shared_;
};

// A coroutine that has no executor is on no loop.
struct current_executor {
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<>);
  app::Loop *await_resume();
};
task<> pause_a_while() {
  auto *executor = co_await current_executor();
  if (!executor) {
    std::this_thread::sleep_for(1s);
    co_return;
  }
  co_await executor->schedule();
}
task<> pause_the_wrong_way_round() {
  auto *executor = co_await current_executor();
  if (executor)
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> some_other_executor(app::Loop *other) {
  if (!other)
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_await tick();
}

// What is done for callers that give null alone.
class Resolver {
public:
  explicit Resolver(app::Loop *loop = nullptr) : loop_(loop) {
    if (!loop)
      std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain "coroutine 'gives_nothing'"
  }

private:
  app::Loop *loop_;
};
struct Client {
  app::Loop *loop_;
  std::shared_ptr<Resolver> resolver_;
};
app::Loop *a_loop();
void start_if_missing(app::Loop *loop) {
  if (loop == nullptr)
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine possible
}
task<> gives_a_loop(Client &client) {
  client.resolver_ = std::make_shared<Resolver>(client.loop_);
  start_if_missing(a_loop());
  co_await tick();
}
task<> gives_nothing(app::Loop &loop) {
  co_await loop.schedule();
  Resolver resolver;
}

// A group whose destructor waits, but that was awaited to its end.
struct Group {
  ~Group() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "coroutine 'left_alone'"
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
struct SecondGroup {
  ~SecondGroup() { std::this_thread::sleep_for(1s); }
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
task<> left_alone() {
  Group group;
  co_await tick();
}
task<> awaited_first(std::unique_ptr<SecondGroup> pointer) {
  SecondGroup group;
  co_await group;
  co_await *pointer;
}

// A callback of a loop that others call as well, and one of several that a loop may be given.
void refresh() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine certain "a callback of an event loop"
struct View {
  std::function<void()> quick_, chosen_;
  void choose(bool often) {
    chosen_ = [] { std::this_thread::sleep_for(1s); }; // finding: blocking-call-in-coroutine likely "a callback of an event loop"
    if (often)
      chosen_ = [] {};
  }
  void show(app::Loop &loop) {
    refresh();
    loop.post(refresh);
    loop.post(chosen_);
  }
};
