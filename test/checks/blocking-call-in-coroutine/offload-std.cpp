// Work given to a thread of its own may block: std::thread, std::jthread, std::async, pthread_create.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <functional>
#include <future>
#include <pthread.h>
#include <thread>
using namespace std::chrono_literals;

void slow() { std::this_thread::sleep_for(1s); }
void *slow_c(void *) {
  std::this_thread::sleep_for(1s);
  return nullptr;
}
struct Slow {
  void run() { std::this_thread::sleep_for(1s); }
  void operator()() { std::this_thread::sleep_for(1s); }
};
std::future<int> kept;
std::jthread kept_thread;

task<> gives_it_away(Slow object) {
  std::thread([] { std::this_thread::sleep_for(1s); }).detach();
  std::thread(slow).detach();
  std::thread named([] { slow(); });
  named.detach();
  std::thread(&Slow::run, &object).detach();
  std::thread(std::bind(&Slow::run, &object)).detach();
  std::thread(Slow{}).detach();
  kept_thread = std::jthread([](std::stop_token) { slow(); });
  kept = std::async(std::launch::async, [] {
    slow();
    return 1;
  });
  pthread_t thread;
  pthread_create(&thread, nullptr, slow_c, nullptr);
  pthread_detach(thread);
  co_await tick();
}

struct Background {
  std::thread thread_;
  void start() {
    thread_ = std::thread([this] { loop(); });
  }
  void loop() { slow(); }
};
task<> starts_a_background(Background &background) {
  background.start();
  co_await tick();
}

// The same function in both places: found in the coroutine alone.
void both() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "coroutine 'in_both_places'"
task<> in_both_places() {
  std::thread(both).detach();
  both();
  co_await tick();
}

// std::launch::deferred runs in get(), here.
task<> deferred() {
  auto future = std::async(std::launch::deferred, [] { return 1; });
  use(future.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}

// A coroutine that is only driven inside a thread of its own blocks nobody.
task<> driven_by_a_thread() {
  slow();
  co_await tick();
}
task<> child_of_it() {
  std::this_thread::sleep_for(1s);
  co_await tick();
}
task<> parent() { co_await child_of_it(); }
void starts_threads() {
  std::thread([] { sync_wait(driven_by_a_thread()); }).detach();
  std::thread([] { sync_wait(parent()); }).join();
}

// Driven by a thread, and by a loop.
task<> driven_by_both() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> on_the_loop() { co_await driven_by_both(); }
void starts_one_more() {
  std::thread([] { sync_wait(driven_by_both()); }).detach();
}
