// Callables whose task is dropped by what they become, or by who calls them.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <thread>
#include <vector>

task<int> load(int);
task<> work();
struct Session {
  task<> run();
  std::function<void()> on_close_;
  void set() {
    on_close_ = [this]() -> task<> { co_await run(); }; // finding: discarded-awaitable certain
  }
};
void each(const std::function<void(int)> &);
void later(std::function<void()>);
template <class F> void in_place(F f) { (void)f(1); }

void become_functions(Session &session) {
  each([](int n) -> task<int> { co_return n; }); // finding: discarded-awaitable certain "The awaitable that the lambda returns is dropped by 'std::function<void (int)>', which gives nothing back; the task never runs" "hands the task to something that runs it"
  each([](int n) { return load(n); }); // finding: discarded-awaitable certain
  each(load); // finding: discarded-awaitable certain "'load'"
  std::function<void()> kept = work; // finding: discarded-awaitable certain
  std::function<void()> braced{[]() -> task<> { co_return; }}; // finding: discarded-awaitable certain
  auto body = []() -> task<> { co_return; };
  later(body); // finding: discarded-awaitable likely "'body'"
  later(std::move(body)); // finding: discarded-awaitable likely
  later(std::bind(load, 1)); // finding: discarded-awaitable likely
  std::vector<std::function<void()>> all;
  all.push_back([]() -> task<> { co_return; }); // finding: discarded-awaitable certain
  all.emplace_back([]() -> task<> { co_return; }); // finding: discarded-awaitable
  std::map<int, std::function<void(int)>> by_id;
  by_id[1] = [](int n) -> task<int> { co_return n; }; // finding: discarded-awaitable certain
  auto shared = std::make_shared<std::function<void()>>([]() -> task<> { co_return; }); // finding: discarded-awaitable
  std::packaged_task<void()> packaged([]() -> task<> { co_return; }); // finding: discarded-awaitable
}
void eager() {
  later([]() -> eager_task<> { co_return; }); // finding: discarded-awaitable possible
}
void threads(Session &session) {
  std::thread([]() -> task<> { co_return; }).join(); // finding: discarded-awaitable certain "'std::thread::thread' drops the awaitable that the lambda returns; the task never runs"
  std::thread named(load, 1); // finding: discarded-awaitable certain
  named.join();
  std::thread method(&Session::run, &session); // finding: discarded-awaitable certain
  method.join();
  std::jthread joined([] { return work(); }); // finding: discarded-awaitable certain
}
void algorithms(std::vector<int> numbers, std::once_flag &once) {
  std::for_each(numbers.begin(), numbers.end(), [](int n) -> task<> { use(n); co_return; }); // finding: discarded-awaitable certain
  std::for_each(numbers.begin(), numbers.end(), load); // finding: discarded-awaitable certain
  std::ranges::for_each(numbers, [](int n) { return load(n); }); // finding: discarded-awaitable certain
  std::call_once(once, []() -> task<> { co_return; }); // finding: discarded-awaitable certain
}

// Silent.
struct Runner {
  template <class F> void run(F f) { spawn(f()); }
};
task<> gives_it_on(std::function<task<>()> make) { co_await make(); }
task<> silent(Session &session, std::vector<int> numbers) {
  each([](int n) { spawn(load(n)); });
  each([](int n) { (void)load(n); });
  later([&session] { spawn(session.run()); });
  later([]() -> detached_task { co_return; });
  std::function<task<int>(int)> keeps = load;
  std::function<task<>()> also = []() -> task<> { co_return; };
  std::thread([] { (void)sync_wait(load(1)); }).detach();
  std::for_each(numbers.begin(), numbers.end(), [](int n) { spawn(load(n)); });
  std::vector<task<int>> all;
  std::transform(numbers.begin(), numbers.end(), std::back_inserter(all), load);
  for (auto &t : all)
    use(co_await t);
  in_place([](int n) { return load(n); });
  Runner().run(work);
  co_await gives_it_on(work);
}
