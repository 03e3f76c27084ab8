// get() of a future that is known to be ready does not wait.
// RUN: %verify %s --config %S/Inputs/ready.yaml
#include "../Inputs/task.h"
#include <future>
using namespace std::chrono_literals;

task<> asked_first(std::future<int> f) {
  if (f.wait_for(0s) == std::future_status::ready)
    use(f.get());
  co_await tick();
}
task<> asked_the_other_way(std::future<int> f) {
  if (std::future_status::ready == f.wait_for(0s))
    use(f.get());
  co_await tick();
}
task<> returned_early(std::future<int> f) {
  if (f.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    co_return;
  use(f.get());
}
task<> polled(std::future<int> f) {
  while (f.wait_for(0s) != std::future_status::ready)
    co_await tick();
  use(f.get());
}
task<> timed_out(std::future<int> f) {
  if (f.wait_for(0s) == std::future_status::timeout)
    co_return;
  use(f.get());
}
task<> a_shared_future(std::shared_future<int> f) {
  if (f.wait_for(0ms) == std::future_status::ready)
    use(f.get());
  co_await tick();
}
struct Holder {
  std::future<int> result_;
  bool is_ready() const { return result_.wait_for(0s) == std::future_status::ready; }
  task<> a_member() {
    if (result_.wait_for(0s) == std::future_status::ready)
      use(result_.get());
    co_await tick();
  }
};
namespace library {
struct future {
  bool is_ready() const;
  bool ready() const;
  [[clang::annotate("tenterhook::blocking")]] int get();
};
} // namespace library
task<> asked_by_name(library::future f) {
  if (f.is_ready())
    use(f.get());
  if (!f.ready())
    co_return;
  use(f.get());
}

// Not known.
task<> the_wrong_branch(std::future<int> f) {
  if (f.wait_for(0s) != std::future_status::ready)
    use(f.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> after_the_branch(std::future<int> f) {
  if (f.wait_for(0s) == std::future_status::ready)
    co_await tick();
  use(f.get()); // finding: blocking-call-in-coroutine
}
task<> another_future(std::future<int> f, std::future<int> g) {
  if (f.wait_for(0s) == std::future_status::ready)
    use(g.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> the_question_itself_waits(std::future<int> f) {
  if (f.wait_for(1s) == std::future_status::ready) // finding: blocking-call-in-coroutine "std::future::wait_for"
    use(f.get());
  co_await tick();
}
task<> asked_without_deciding(std::future<int> f) {
  f.wait_for(0s);
  use(f.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}

// What an await on a result gives back as a result is ready.
namespace library {
enum class status { idle, value, error };
struct result {
  struct resolving {
    bool await_ready() const;
    void await_suspend(std::coroutine_handle<>);
    result await_resume();
  };
  resolving resolve();
  enum status status() const;
  [[clang::annotate("tenterhook::blocking")]] int get();
};
result start();
inline void assert_equal(enum status a, enum status b) {
  if (a != b)
    throw 1;
}
void log(enum status);
} // namespace library
task<> awaited() {
  auto pending = library::start();
  auto done = co_await pending.resolve();
  use(done.get());
  auto in_a_lambda = [&done] { use(done.get()); };
  in_a_lambda();
}
void takes_a_ready_one(library::result r) { use(r.get()); }
void takes_one(library::result r) { use(r.get()); } // finding: blocking-call-in-coroutine "coroutine 'passes_one_on'"
task<> passes_a_ready_one_on() {
  auto pending = library::start();
  auto done = co_await pending.resolve();
  takes_a_ready_one(std::move(done));
}
task<> passes_one_on() {
  takes_one(library::start());
  co_await tick();
}
task<> asserted() {
  auto r = library::start();
  library::assert_equal(r.status(), library::status::value);
  use(r.get());
  co_await tick();
}

// Not known.
task<> the_pending_one() {
  auto pending = library::start();
  auto done = co_await pending.resolve();
  use(pending.get()); // finding: blocking-call-in-coroutine
}
struct gives_a_result {
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<>);
  library::result await_resume();
};
task<> given_by_another_await() {
  auto fresh = co_await gives_a_result();
  use(fresh.get()); // finding: blocking-call-in-coroutine
}
task<> status_is_only_logged() {
  auto r = library::start();
  library::log(r.status());
  use(r.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> asserted_afterwards() {
  auto r = library::start();
  use(r.get()); // finding: blocking-call-in-coroutine
  library::assert_equal(r.status(), library::status::value);
  co_await tick();
}
task<> promise_kept_before() {
  std::promise<int> promise;
  auto future = promise.get_future();
  promise.set_value(1);
  use(future.get());
  co_await tick();
}
task<> promise_broken_before(std::exception_ptr error) {
  std::promise<int> promise;
  promise.set_exception(error);
  use(promise.get_future().get());
  co_await tick();
}
task<> promise_kept_perhaps(bool now) {
  std::promise<int> promise;
  auto future = promise.get_future();
  if (now)
    promise.set_value(1);
  use(future.get()); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> another_promise_kept() {
  std::promise<int> promise, other;
  auto future = promise.get_future();
  other.set_value(1);
  use(future.get()); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> promise_made_anew() {
  std::promise<int> promise;
  promise.set_value(1);
  promise = std::promise<int>();
  auto future = promise.get_future();
  use(future.get()); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> promise_kept_after() {
  std::promise<int> promise;
  auto future = promise.get_future();
  use(future.get()); // finding: blocking-call-in-coroutine likely
  promise.set_value(1);
  co_await tick();
}
// When the thread ends is not now: the models say of both only that they let others go on.
task<> FN_kept_at_the_threads_end() {
  std::promise<int> promise;
  promise.set_value_at_thread_exit(1);
  use(promise.get_future().get());
  co_await tick();
}
