// Readiness that was asked elsewhere: in a helper, in a variable, before a return; and what comes ready.
// RUN: %verify %s --config %S/Inputs/ready.yaml
#include "../Inputs/task.h"
#include <future>
using namespace std::chrono_literals;

// In a helper, and in a helper of that.
bool there(std::future<int> &f) {
  if (f.wait_for(0s) == std::future_status::ready)
    return true;
  return false;
}
bool valid_and_there(std::future<int> &f) {
  if (!f.valid())
    return false;
  return there(f);
}
bool still_running(std::future<int> &f) {
  if (f.wait_for(0s) != std::future_status::ready)
    return true;
  return false;
}
task<> asked_in_a_helper(std::future<int> f) {
  if (there(f))
    use(f.get());
  co_await tick();
}
task<> asked_two_levels_down(std::future<int> f) {
  if (!valid_and_there(f))
    co_return;
  use(f.get());
}
task<> asked_the_other_way(std::future<int> f) {
  while (still_running(f))
    co_await tick();
  use(f.get());
}
task<> the_wrong_answer(std::future<int> f) {
  if (!there(f))
    use(f.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> of_another(std::future<int> f, std::future<int> g) {
  if (there(f))
    use(g.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
bool asks_for_nothing(std::future<int> &f) {
  f.wait_for(0s);
  return true;
}
task<> the_answer_is_dropped(std::future<int> f) {
  if (asks_for_nothing(f))
    use(f.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
bool sometimes(std::future<int> &f, bool force) {
  if (force)
    return true;
  return there(f);
}
task<> true_for_another_reason(std::future<int> f) {
  if (sometimes(f, true))
    use(f.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
struct Holder {
  std::future<int> result_;
  bool done() {
    if (result_.wait_for(0s) == std::future_status::ready)
      return true;
    return false;
  }
  task<> of_a_member() {
    if (done())
      use(result_.get());
    co_await tick();
  }
  task<> of_another_object(Holder &other) {
    if (other.done())
      use(result_.get()); // finding: blocking-call-in-coroutine
    co_await tick();
  }
};
task<> of_a_member_of_a_local(Holder holder) {
  if (holder.done())
    use(holder.result_.get());
  co_await tick();
}

// In a variable.
task<> kept(std::future<int> f) {
  auto status = f.wait_for(0s);
  co_await tick();
  if (status == std::future_status::ready)
    use(f.get());
}
task<> kept_of_a_helper(std::future<int> f) {
  const bool is_there = there(f);
  if (is_there)
    use(f.get());
  co_await tick();
}
task<> kept_and_overwritten(std::future<int> f, std::future_status other) {
  auto status = f.wait_for(0s);
  status = other;
  if (status == std::future_status::ready)
    use(f.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
std::future<int> launch();
task<> another_future_since(std::future<int> f) {
  auto status = f.wait_for(0s);
  f = launch();
  if (status == std::future_status::ready)
    use(f.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> another_future_each_round(std::future<int> f) {
  for (;;) {
    co_await tick();
    auto status = f.wait_for(0s);
    if (status != std::future_status::ready)
      continue;
    use(f.get());
    f = launch();
  }
}

// Until a time that is over.
task<> in_the_past(std::future<int> f) {
  if (f.wait_until(std::chrono::steady_clock::time_point{}) == std::future_status::ready)
    use(f.get());
  co_await tick();
}
task<> at_the_earliest(std::future<int> f) {
  if (f.wait_until(std::chrono::steady_clock::time_point::min()) == std::future_status::ready)
    use(f.get());
  co_await tick();
}
task<> now(std::future<int> f) {
  if (f.valid() && f.wait_until(std::chrono::steady_clock::now()) == std::future_status::ready)
    use(f.get());
  co_await tick();
}
task<> at_the_latest(std::future<int> f) {
  f.wait_until(std::chrono::steady_clock::time_point::max()); // finding: blocking-call-in-coroutine
  co_await tick();
}

// Waited for before.
task<> waits_once(std::shared_future<int> f) {
  f.wait(); // finding: blocking-call-in-coroutine "std::shared_future" "instead of waiting"
  co_await tick();
}
void twice(std::shared_future<int> f) {
  use(f.get()); // finding: blocking-call-in-coroutine "Leave the waiting to a coroutine"
}
task<> calls_it(std::shared_future<int> f) {
  twice(f);
  co_await tick();
}

// What comes ready.
namespace library {
struct future {
  bool is_ready() const;
  [[clang::annotate("tenterhook::blocking")]] int get();
  template <class F> future then(F f) {
    (void)f;
    return {};
  }
};
future make_ready(int value);
future start();
template <class F> void on_each(F f) { (void)f; }
struct Loop {
  bool is_mine() const;
};
} // namespace library
task<> placeholder() {
  auto f = library::make_ready(1);
  use(f.get());
  co_await tick();
}
task<> placeholder_that_is_overwritten(bool busy) {
  auto f = library::make_ready(1);
  if (busy)
    f = library::start();
  use(f.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
library::future nothing_to_do() { return library::make_ready(0); }
library::future something_to_do(bool busy) {
  if (busy)
    return library::start();
  return library::make_ready(0);
}
task<> placeholder_of_a_function() {
  use(nothing_to_do().get());
  co_await tick();
}
task<> placeholder_on_one_way(bool busy) {
  use(something_to_do(busy).get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
void continues() {
  library::start().then([](library::future done) { use(done.get()); });
  library::on_each([](library::future given) { use(given.get()); }); // finding: blocking-call-in-coroutine
}

// Handed over until it is there.
void when_there(const std::shared_future<int> &, std::coroutine_handle<>);
struct Answer {
  std::shared_future<int> answer;
  bool await_ready() const { return answer.wait_for(0s) == std::future_status::ready; }
  void await_suspend(std::coroutine_handle<> h) { when_there(answer, h); }
  int await_resume() { return answer.get(); }
};
struct Impatient {
  std::shared_future<int> answer;
  bool await_ready() const { return true; }
  void await_suspend(std::coroutine_handle<>) {}
  int await_resume() { return answer.get(); } // finding: blocking-call-in-coroutine
};
task<> awaits(std::shared_future<int> f) {
  use(co_await Answer{f});
  use(co_await Impatient{f});
}

// On another thread than the loop's.
struct Service {
  library::Loop *loop;
  void stop(std::future<int> done) {
    if (loop->is_mine())
      return;
    use(done.get());
  }
  void stop_here(std::future<int> done) {
    if (loop->is_mine())
      use(done.get()); // finding: blocking-call-in-coroutine
  }
};
task<> stops(Service service, std::future<int> a, std::future<int> b) {
  service.stop(std::move(a));
  service.stop_here(std::move(b));
  co_await tick();
}
