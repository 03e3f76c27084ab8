// Who runs a coroutine: a library's sync_wait outside any loop (only the waiting thread stops, until something else
// resumes the coroutine: possible), its resume() by a function (the same), a sync_wait of the program's own (which may run a loop: likely), a loop (certain).
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <coro/coro.hpp>
#include <functional>
#include <sys/epoll.h>
#include <thread>
using namespace std::chrono_literals;

coro::task<> child() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine possible
  co_return;
}
coro::task<> waited_for() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine possible
  co_await child();
}
coro::task<> kept() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine possible
  co_return;
}
coro::task<> hops(coro::scheduler &loop) {
  co_await loop.schedule();
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain
}
coro::operation next_message();
coro::task<> asks() { co_await next_message(); }
coro::task<> resumed_by_others() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine possible
  co_await next_message();
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
}
coro::task<> resumed_through_a_child() {
  co_await asks();
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
}
coro::task<> on_a_loop_too() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain
  co_return;
}
task<> by_our_own() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
struct lazy : coro::task<> {
  struct promise_type : coro::task<>::promise_type {
    lazy get_return_object() { return {}; }
  };
  bool resume();
};
lazy resumed_by_hand() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine possible
  co_return;
}
lazy resumed_and_left() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine possible
  co_await next_message();
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
}
lazy resumed_by_a_coroutine() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_return;
}
coro::task<> resumes_a_child() {
  resumed_by_a_coroutine().resume();
  co_await next_message();
}
// A class of the program's own: what its method does counts, not what it is called.
struct own {
  struct promise_type {
    own get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready();
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>);
  void await_resume();
  std::coroutine_handle<promise_type> handle;
  void step() { handle.resume(); }
  void resume() { ++paused; }
  int paused = 0;
};
own stepped_by_hand() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine possible
  co_return;
}
own only_sounds_resumed() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_return;
}
own driven_by_a_thread() {
  std::this_thread::sleep_for(1s);
  co_return;
}
own driven_by_a_thread_by_reference() {
  std::this_thread::sleep_for(1s);
  co_return;
}
own driven_and_handed_on() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_return;
}
own only_looked_at_by_a_thread() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_return;
}
own driven_here() { // which may be a loop that is written out
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_return;
}
own driven_by_what_is_kept() { // by whoever runs it
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_return;
}
own driven_by_a_loop_in_a_thread() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_return;
}
own driven_by_a_thread_and_awaited() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_return;
}
void hand_on(std::coroutine_handle<>);
void keep(std::function<void()>);
void drive_on_threads(int queue) {
  auto one = driven_by_a_thread();
  std::thread([h = one.handle] { h.resume(); }).detach();
  auto two = driven_by_a_thread_by_reference();
  std::thread second([&] {
    while (!two.handle.done())
      two.handle.resume();
  });
  second.join();
  auto three = driven_and_handed_on();
  std::thread([h = three.handle] { h.resume(); }).detach();
  hand_on(three.handle);
  auto four = only_looked_at_by_a_thread();
  std::thread([h = four.handle] { h.done(); }).detach();
  auto five = driven_here();
  five.handle.resume();
  auto six = driven_by_what_is_kept();
  keep([&] { six.handle.resume(); });
  auto seven = driven_by_a_loop_in_a_thread();
  std::thread([&] {
    epoll_event event;
    for (int turn = 0; turn < 4; ++turn)
      if (epoll_wait(queue, &event, 1, 1) == 0)
        seven.handle.resume();
  }).join();
}
own awaits_it() { co_await driven_by_a_thread_and_awaited(); }
void drive_too() {
  auto awaiting = awaits_it();
  awaiting.handle.resume();
  auto alone = driven_by_a_thread_and_awaited();
  std::thread([&] { alone.handle.resume(); }).join();
}
void drive() {
  stepped_by_hand().step();
  only_sounds_resumed().resume();
  auto kept = resumed_by_hand();
  kept.resume();
  resumed_and_left().resume();
}
void a_test(coro::scheduler &loop) {
  coro::sync_wait(waited_for());
  auto task = kept();
  coro::sync_wait(std::move(task));
  coro::sync_wait(hops(loop));
  coro::sync_wait(resumed_by_others());
  coro::sync_wait(resumed_through_a_child());
  coro::sync_wait(on_a_loop_too());
  loop.spawn_detached(on_a_loop_too());
}
int main() {
  coro::scheduler loop;
  a_test(loop);
  sync_wait(by_our_own());
}
