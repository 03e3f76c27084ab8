// Code that never runs: unevaluated operands, discarded branches.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <future>
#include <thread>
using namespace std::chrono_literals;

int slow() {
  std::this_thread::sleep_for(1s);
  return 1;
}

task<> operands(std::future<int> f) {
  use(static_cast<int>(sizeof(slow())));
  decltype(slow()) n = 1;
  use(n);
  if (noexcept(f.get()))
    use(2);
  static_assert(sizeof(decltype(f.get())) == sizeof(int));
  co_await tick();
}

template <bool Wait> task<> if_constexpr() {
  if constexpr (Wait)
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "if_constexpr"
  co_await tick();
}
task<> instances() {
  co_await if_constexpr<false>();
  co_await if_constexpr<true>();
}

task<> never_taken() {
  if constexpr (false)
    std::this_thread::sleep_for(1s);
  if (false)
    std::this_thread::sleep_for(1s);
  co_await tick();
  co_return;
  std::this_thread::sleep_for(1s);
}

template <typename T> concept Waits = requires(T t) { t.get(); };
template <typename T> task<> constrained(T t) {
  if constexpr (!Waits<T>)
    use(t);
  co_await tick();
}
task<> asks_a_concept(std::future<int> f) { co_await constrained(std::move(f)); }
