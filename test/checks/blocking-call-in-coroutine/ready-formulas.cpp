// Readiness asked as a formula: a comparison that is returned or kept, `!`, `&&`, `||`, `?:`, a switch; in members, lambdas,
// templates, macros, values that are called, and by callers of what waits.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <array>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <optional>
using namespace std::chrono_literals;

void use(int);
bool there(std::future<int> &f) { return f.wait_for(0s) == std::future_status::ready; }
bool still_running(std::future<int> &f) { return !there(f); }
bool not_yet(std::future<int> &f) { return f.wait_for(0s) != std::future_status::ready; }
std::future_status state(std::future<int> &f) { return f.wait_for(0s); }
bool both(std::future<int> &f, std::future<int> &g) { return there(f) && there(g); }
bool one_of(std::future<int> &f, std::future<int> &g) { return there(f) || there(g); }
bool if_valid(std::future<int> &f) { return f.valid() ? there(f) : false; }
bool if_forced(std::future<int> &f, bool force) { return force ? true : there(f); }

task<> returned(std::future<int> f, std::future<int> g) {
  co_await tick();
  if (there(f))
    use(f.get());
  if (!there(g))
    use(g.get()); // finding: blocking-call-in-coroutine
}
task<> negated(std::future<int> f, std::future<int> g, std::future<int> h) {
  while (still_running(f))
    co_await tick();
  use(f.get());
  if (not_yet(g))
    co_return;
  use(g.get());
  if (!still_running(h) == false)
    use(h.get()); // finding: blocking-call-in-coroutine
}
task<> status(std::future<int> f, std::future<int> g) {
  if (state(f) == std::future_status::ready)
    use(f.get());
  if (state(g) == std::future_status::timeout)
    use(g.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> both_and_one(std::future<int> f, std::future<int> g, std::future<int> h, std::future<int> i) {
  if (both(f, g)) {
    use(f.get());
    use(g.get());
  }
  if (one_of(h, i)) {
    use(h.get()); // finding: blocking-call-in-coroutine
    use(i.get()); // finding: blocking-call-in-coroutine
  }
  co_await tick();
}
task<> neither(std::future<int> f, std::future<int> g) {
  if (!f.valid() || !there(f))
    co_return;
  use(f.get());
  if (!f.valid() && !there(g))
    co_return;
  use(g.get()); // finding: blocking-call-in-coroutine
}
task<> conditional(std::future<int> f, std::future<int> g, bool force) {
  if (if_valid(f))
    use(f.get());
  if (if_forced(g, force))
    use(g.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}

// Kept.
task<> kept(std::future<int> f, std::future<int> g, bool other) {
  const bool is_there = f.wait_for(0s) == std::future_status::ready;
  co_await tick();
  if (is_there)
    use(f.get());
  bool perhaps = g.wait_for(0s) == std::future_status::ready;
  if (other)
    perhaps = true;
  if (perhaps)
    use(g.get()); // finding: blocking-call-in-coroutine
}
task<> kept_and_negated(std::future<int> f, std::future<int> g) {
  bool pending = f.wait_for(0s) != std::future_status::ready;
  if (!pending)
    use(f.get());
  bool is_there = false;
  if (g.valid())
    is_there = there(g);
  if (is_there)
    use(g.get());
  co_await tick();
}
task<> kept_together(std::future<int> f, std::future<int> g) {
  bool all = there(f) && there(g);
  if (!all)
    co_return;
  use(f.get() + g.get());
  co_await tick();
}
task<> kept_in_the_condition(std::future<int> f, std::future<int> g) {
  if (auto status = f.wait_for(0s); status == std::future_status::ready)
    use(f.get());
  if (bool late = not_yet(g))
    use(g.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> asked_of_the_one_before(std::future<int> f, std::future<int> next) {
  bool is_there = there(f);
  f = std::move(next);
  if (is_there)
    use(f.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}

// A switch.
task<> switched(std::future<int> f, std::future<int> g, std::future<int> h, std::future<int> i) {
  switch (f.wait_for(0s)) {
  case std::future_status::ready: use(f.get()); break;
  default: break;
  }
  switch (auto status = state(g); status) {
  case std::future_status::timeout: use(g.get()); break; // finding: blocking-call-in-coroutine
  case std::future_status::ready: use(g.get()); break;
  case std::future_status::deferred: break;
  }
  switch (h.wait_for(0s)) {
  case std::future_status::timeout: co_return;
  default: use(h.get());
  }
  switch (i.wait_for(0s)) {
  case std::future_status::ready: co_return;
  default: use(i.get()); // finding: blocking-call-in-coroutine
  }
  co_await tick();
}

// Members: the question and the wait are methods, and their caller puts them together.
struct Job {
  std::future<int> result_;
  bool done_ = false;
  bool done() { return result_.valid() && result_.wait_for(0s) == std::future_status::ready; }
  int take() { return result_.get(); } // finding: blocking-call-in-coroutine "coroutine 'takes_without_asking'"
  void poll() { done_ = done(); }
  task<> own() {
    if (done())
      use(result_.get());
    done_ = done();
    co_await tick();
    if (done_)
      use(result_.get());
  }
};
struct Holder {
  std::unique_ptr<Job> job;
  task<> through_a_pointer() {
    if (job->done())
      use(job->take());
    co_await tick();
  }
};
task<> asks_first(Job &job, std::shared_ptr<Job> other) {
  if (job.done())
    use(job.take());
  while (!other->done())
    co_await tick();
  use(other->take());
}
task<> takes_without_asking(Job &job) {
  use(job.take());
  co_await tick();
}
int take_it(Job &job) { return job.result_.get(); } // finding: blocking-call-in-coroutine "coroutine 'gives_another'"
task<> gives_what_it_asked(Job &a) {
  if (a.done())
    use(take_it(a));
  co_await tick();
}
task<> gives_another(Job &a, Job &b) {
  if (a.done())
    use(take_it(b));
  co_await tick();
}

// Lambdas, templates, macros, values.
task<> in_lambdas(std::future<int> f, std::future<int> g, std::future<int> h) {
  auto asks = [](std::future<int> &x) { return x.wait_for(0s) == std::future_status::ready; };
  if (asks(f))
    use(f.get());
  auto take = [&] { return g.get(); };
  if (there(g))
    use(take());
  auto take_too = [&] { return h.get(); }; // finding: blocking-call-in-coroutine
  use(take_too());
  co_await tick();
}
template <class F> bool is_ready(const F &f) { return f.valid() && f.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }
template <class T> struct Polled {
  std::future<T> future;
  bool ready() const { return is_ready(future); }
  T value() { return future.get(); }
};
task<> in_templates(std::shared_future<int> f, std::future<std::string> g, Polled<int> p) {
  if (is_ready(f))
    use(f.get());
  if (is_ready(g))
    use(int(g.get().size()));
  if (p.ready())
    use(p.value());
  co_await tick();
}
#define IS_READY(f) ((f).wait_for(std::chrono::seconds(0)) == std::future_status::ready)
task<> temporaries_end_within(std::future<int> f, std::future<int> g, std::future<int> h) {
  if (f.wait_for(0s) == std::future_status::ready && f.valid())
    use(f.get());
  if (!g.valid() || g.wait_for(0s) == std::future_status::ready)
    use(g.get()); // finding: blocking-call-in-coroutine
  if (!h.valid() || h.wait_for(0s) != std::future_status::ready)
    co_return;
  use(h.get());
  co_await tick();
}
#define RETURN_UNLESS(c) if (!(c)) co_return
task<> in_macros(std::future<int> f, std::future<int> g) {
  if (IS_READY(f) && f.valid())
    use(f.get());
  RETURN_UNLESS(IS_READY(g));
  use(g.get());
  co_await tick();
}
task<> as_a_value(std::future<int> f, std::future<int> g, bool which) {
  bool (*asks)(std::future<int> &) = there;
  if (asks(f))
    use(f.get());
  auto *either_way = which ? there : not_yet;
  if (either_way(g))
    use(g.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
struct Question {
  virtual ~Question() = default;
  virtual bool asks(std::future<int> &f) = 0;
};
struct Asks : Question {
  bool asks(std::future<int> &f) override { return there(f); }
};
task<> through_a_base(Question &q, std::future<int> f) {
  Asks asks;
  if (q.asks(f))
    use(f.get());
  co_await tick();
}

// Whoever returns only if it is so.
void require(bool holds) {
  if (!holds)
    throw 1;
}
template <class A, class B> void expect_equal(const A &a, const B &b) {
  if (a == b)
    return;
  std::terminate();
}
void log_unless(bool holds) {
  if (!holds)
    use(1);
}
task<> asserted(std::future<int> f, std::future<int> g, std::future<int> h, std::future<int> i, std::future<int> j) {
  require(f.wait_for(0s) == std::future_status::ready);
  use(f.get());
  expect_equal(g.wait_for(0s), std::future_status::ready);
  use(g.get());
  require(there(h) && h.valid());
  use(h.get());
  log_unless(there(i));
  use(i.get()); // finding: blocking-call-in-coroutine
  require(!there(j));
  use(j.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}

// What is said by functions that never return, however far down.
void report_and_end(int line) {
  use(line);
  std::abort();
}
void complain(int line) { report_and_end(line); }
void give_up() { throw 1; }
void perhaps_ends(int line) {
  if (line)
    std::abort();
}
template <class A, class B> void equal_or_end(const A &a, const B &b) {
  if (a == b)
    return;
  complain(__LINE__);
}
void holds_or_throws(bool holds) {
  if (!holds)
    give_up();
}
void holds_or_perhaps(bool holds) {
  if (!holds)
    perhaps_ends(__LINE__);
}
void holds_or_caught(bool holds) {
  try {
    if (!holds)
      give_up();
  } catch (int) {
  }
}
detached_task never_suspends_again() {
  std::abort();
  co_return;
}
void starts_one(bool holds) {
  if (!holds)
    never_suspends_again();
}
task<> ended(std::future<int> f, std::future<int> g, std::future<int> h, std::future<int> i, std::future<int> j) {
  equal_or_end(f.wait_for(0s), std::future_status::ready);
  use(f.get());
  holds_or_throws(there(g));
  use(g.get());
  if (!there(h))
    complain(__LINE__);
  use(h.get());
  if (!there(i)) {
    complain(__LINE__);
    use(i.get());
  }
  if (!there(j)) {
    try {
      give_up();
    } catch (int) {
      co_return;
    }
  }
  use(j.get());
  co_await tick();
}
task<> not_ended(std::future<int> f, std::future<int> g, std::future<int> h, std::future<int> i) {
  holds_or_perhaps(there(f));
  use(f.get()); // finding: blocking-call-in-coroutine
  holds_or_caught(there(g));
  use(g.get()); // finding: blocking-call-in-coroutine
  starts_one(there(h));
  use(h.get()); // finding: blocking-call-in-coroutine
  if (!there(i))
    perhaps_ends(__LINE__);
  use(i.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}

// Until a time that is over, and for no time at all.
task<> no_time(std::future<int> f, std::future<int> g, std::future<int> h, std::future<int> i) {
  if (f.wait_until(std::chrono::steady_clock::now() - 1s) == std::future_status::ready)
    use(f.get());
  if (g.wait_for(std::chrono::seconds::zero()) == std::future_status::ready)
    use(g.get());
  if (h.wait_for(-1s) == std::future_status::ready)
    use(h.get());
  i.wait_until(std::chrono::steady_clock::now() + 1s); // finding: blocking-call-in-coroutine
  co_await tick();
}
