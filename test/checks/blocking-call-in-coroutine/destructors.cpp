// Destructors that wait: std::jthread, the future of std::async, thread pools; as locals, members and temporaries.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

void work();
void use_elsewhere(std::unique_ptr<std::jthread>);

task<> a_local_jthread() {
  {
    std::jthread worker(work);
    use(1);
  } // finding: blocking-call-in-coroutine likely "'~std::jthread' waits for a thread to end"
  co_await tick();
}
task<> at_the_end_of_the_coroutine() {
  std::jthread worker(work);
  co_await tick();
} // finding: blocking-call-in-coroutine
task<> a_temporary() {
  std::jthread{work}; // finding: blocking-call-in-coroutine
  co_await tick();
}

struct Worker {
  std::jthread thread{work};
  int id = 0;
};
task<> a_member() {
  Worker worker;
  co_await tick();
} // finding: blocking-call-in-coroutine
struct Nested {
  Worker worker;
};
task<> a_member_of_a_member() {
  Nested nested;
  co_await tick();
} // finding: blocking-call-in-coroutine
struct Derived : Worker {};
task<> a_base() {
  Derived derived;
  co_await tick();
} // finding: blocking-call-in-coroutine

struct Joiner {
  std::thread thread{work};
  ~Joiner() { thread.join(); } // finding: blocking-call-in-coroutine "destroys an object, which runs 'Joiner::~Joiner'"
};
task<> a_written_destructor() {
  Joiner joiner;
  co_await tick();
}
task<> deleted(Joiner *joiner) {
  delete joiner;
  co_await tick();
}

// std::async: the future's destructor waits for the task.
task<> a_discarded_future() {
  std::async(std::launch::async, work); // finding: blocking-call-in-coroutine "waits for the task of std::async"
  co_await tick();
}
task<> told_at_the_call() {
  std::async(std::launch::async, [] { // finding: blocking-call-in-coroutine "waits for the task of std::async"
    work();
  });
  co_await tick();
}
task<> a_named_future() {
  auto future = std::async(std::launch::async, work);
  co_await tick();
} // finding: blocking-call-in-coroutine "waits for the task of std::async"
void helper() {
  auto future = std::async(work);
} // finding: blocking-call-in-coroutine
task<> in_a_helper() {
  helper();
  co_await tick();
}

// Nothing left to wait for.
std::jthread kept;
std::vector<std::jthread> pool;
task<> moved_away() {
  std::jthread worker(work);
  kept = std::move(worker);
  co_await tick();
}
task<> moved_into_a_container() {
  std::jthread worker(work);
  pool.push_back(std::move(worker));
  co_await tick();
}
task<> detached() {
  std::jthread worker(work);
  worker.detach();
  co_await tick();
}
std::future<void> start() { return std::async(std::launch::async, work); }
std::jthread start_thread() {
  std::jthread worker(work);
  return worker;
}
task<> never_started() {
  std::jthread worker;
  co_await tick();
}
task<> other_futures(std::promise<int> promise) {
  std::future<int> future = promise.get_future();
  co_await tick();
}
task<> a_thread_that_was_joined_elsewhere(std::thread &worker) {
  std::thread other(work);
  other.detach();
  co_await tick();
}

// Owned through a library's class.
task<> in_a_vector() {
  std::vector<std::jthread> workers;
  workers.emplace_back(work);
  co_await tick();
} // finding: blocking-call-in-coroutine
task<> in_a_unique_ptr() {
  auto worker = std::make_unique<std::jthread>(work);
  co_await tick();
} // finding: blocking-call-in-coroutine
struct Lazy {
  ~Lazy() { std::this_thread::sleep_for(std::chrono::seconds(1)); } // finding: blocking-call-in-coroutine
};
task<> a_class_of_ours() {
  std::optional<Lazy> lazy{std::in_place};
  co_await tick();
}
task<> pointed_to(std::vector<std::jthread *> not_owned, std::unique_ptr<int> other) {
  std::vector<std::jthread *> copy = not_owned;
  co_await tick();
}
task<> given_away() {
  auto worker = std::make_unique<std::jthread>(work);
  use_elsewhere(std::move(worker));
  co_await tick();
}
struct Store {
  std::unique_ptr<Joiner> joiner_;
};
task<> assigned_to_a_member(Store &store) {
  store.joiner_ = std::make_unique<Joiner>();
  co_await tick();
}
task<> FN_returned_by_a_function() {
  auto future = start();
  co_await tick();
}

// Ended before their scope is.
struct Owns {
  std::unique_ptr<std::jthread> one;
  std::vector<std::jthread> several;
  std::optional<std::jthread> perhaps;
  std::shared_ptr<std::jthread> shared;
  std::future<void> result;
  std::jthread thread;
};
task<> ends(Owns &o) {
  co_await tick();
  o.one.reset();       // finding: blocking-call-in-coroutine "~std::jthread"
  o.several.clear();   // finding: blocking-call-in-coroutine "~std::jthread"
  o.perhaps.reset();   // finding: blocking-call-in-coroutine "~std::jthread"
  o.shared.reset();    // finding: blocking-call-in-coroutine possible
  o.result = std::async(std::launch::async, [] {});
  o.result = {}; // finding: blocking-call-in-coroutine "of the result of std::async"
}
task<> ends_nothing_that_waits(std::unique_ptr<int> &a, std::vector<std::string> &b, std::optional<std::thread> &c, Owns &o) {
  co_await tick();
  a.reset();
  b.clear();
  c.reset();
  o.result = std::future<void>();
}
task<> starts(Owns &o) { // what was there before, nobody knows
  co_await tick();
  o.one = std::make_unique<std::jthread>([] {});
  o.thread = std::jthread([] {});
}
task<> starts_again(Owns &o) {
  co_await tick();
  o.thread = std::jthread([] {});
  o.thread = std::jthread([] {}); // finding: blocking-call-in-coroutine
}
struct Joins {
  std::thread thread;
  ~Joins() { thread.join(); }
};
Joins *hands_on() {
  auto guard = std::make_unique<Joins>();
  return guard.release();
}
task<> released() {
  hands_on();
  co_await tick();
}
