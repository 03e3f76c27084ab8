// The standard library calls what it is given: algorithms, ranges, invoke, apply, visit, call_once, bind_front.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <ranges>
#include <thread>
#include <tuple>
#include <variant>
#include <vector>
using namespace std::chrono_literals;

std::once_flag once;
void slow() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
struct Object {
  void slow() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
};

task<> calls(std::vector<int> v, std::variant<int, std::string> either, std::map<int, int> map, Object object) {
  std::transform(v.begin(), v.end(), v.begin(), [](int i) {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return i;
  });
  std::ranges::for_each(v, [](int) { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
  std::erase_if(v, [](int) {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return true;
  });
  std::invoke(slow);
  std::apply([](int, int) { std::this_thread::sleep_for(1s); }, std::tuple(1, 2)); // finding: blocking-call-in-coroutine
  std::visit([](auto &) { std::this_thread::sleep_for(1s); }, either);             // finding: blocking-call-in-coroutine
  std::call_once(once, [] { std::this_thread::sleep_for(1s); });                   // finding: blocking-call-in-coroutine
  std::bind_front(&Object::slow, &object)();
  co_await tick();
}

// Views are lazy: what is not iterated is not called. Containers keep what they are given.
task<> keeps(std::vector<std::function<void()>> queue) {
  queue.push_back([] { std::this_thread::sleep_for(1s); });
  queue.emplace_back([] { std::this_thread::sleep_for(1s); });
  auto kept = std::make_unique<std::function<void()>>([] { std::this_thread::sleep_for(1s); });
  co_await tick();
}
