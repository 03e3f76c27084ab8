// Objects that end before their scope does: what their destructors do, the program's own included, happens there.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <deque>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

struct Job {
  std::thread t;
  ~Job() { t.join(); } // finding: blocking-call-in-coroutine likely
};
struct Quick {
  int n = 0;
  ~Quick() { ++n; }
};
struct Outer { // no destructor of its own
  Job job;
};
struct Derived : Outer {};
struct Owner {
  std::unique_ptr<Job> job;
  std::unique_ptr<Outer> outer;
  std::optional<Derived> derived;
  std::vector<Job> jobs;
  std::map<int, std::unique_ptr<Job>> by_number;
  std::unique_ptr<Quick> quick;
  std::list<Quick> quicks;
  task<> all() {
    co_await tick();
    job.reset();
    outer = nullptr;
    derived.reset();
    jobs.clear();
    jobs.pop_back();
    by_number.erase(3);
    quick.reset();
    quicks.clear();
  }
};

// Each has a destructor of its own, to see that each way is seen.
struct A { ~A() { ::usleep(1); } }; // finding: blocking-call-in-coroutine likely
task<> by_null(std::unique_ptr<A> &p) { p = nullptr; co_await tick(); }
struct B { ~B() { ::usleep(1); } }; // finding: blocking-call-in-coroutine likely
task<> by_an_empty_value(std::optional<B> &p) { p = {}; co_await tick(); }
struct C { ~C() { ::usleep(1); } }; // finding: blocking-call-in-coroutine likely
task<> by_clear(std::deque<C> &p) { p.clear(); co_await tick(); }
struct D { ~D() { ::usleep(1); } }; // finding: blocking-call-in-coroutine likely
task<> by_erase(std::map<int, D> &p) { p.erase(p.begin()); co_await tick(); }
struct E { virtual ~E() = default; };
struct E1 : E { ~E1() override { ::usleep(1); } }; // finding: blocking-call-in-coroutine likely
task<> of_a_derived_class(std::unique_ptr<E> &p) { p = std::make_unique<E1>(); p.reset(); co_await tick(); }
struct F { ~F() { ::usleep(1); } }; // finding: blocking-call-in-coroutine possible
task<> perhaps_the_last_owner(std::shared_ptr<F> &p) { p.reset(); co_await tick(); }
struct G { ~G() { ::usleep(1); } }; // finding: blocking-call-in-coroutine likely
task<> the_last_owner() { auto p = std::make_shared<G>(); p.reset(); co_await tick(); }
struct H { ~H() { ::usleep(1); } }; // finding: blocking-call-in-coroutine
task<> the_last_owner_at_the_end() { auto p = std::make_shared<H>(); co_await tick(); }
void keep(std::shared_ptr<struct I>);
struct I { ~I() { ::usleep(1); } };
task<> an_owner_that_is_copied() { auto p = std::make_shared<I>(); keep(p); co_await tick(); }
struct J { ~J() { ::usleep(1); } }; // finding: blocking-call-in-coroutine likely
void helper(std::unique_ptr<J> &p) { p.reset(); }
task<> in_a_helper(std::unique_ptr<J> &p) { helper(p); co_await tick(); }
void keep_it(struct K *);
struct K { ~K() { ::usleep(1); } };
task<> released_before(std::unique_ptr<K> p) { keep_it(p.release()); p.reset(); co_await tick(); }
struct L { ~L() { ::usleep(1); } }; // finding: blocking-call-in-coroutine likely
task<> by_nullopt(std::optional<L> &p) { p = std::nullopt; co_await tick(); }
struct M { ~M() { ::usleep(1); } }; // finding: blocking-call-in-coroutine
task<> by_exchange(std::unique_ptr<M> &p) { std::exchange(p, nullptr); co_await tick(); }
// Whether there was one before another value came is not known: mostly it is the first.
struct N { ~N() { ::usleep(1); } };
task<> FN_by_another_value(std::variant<int, N> &p) { p = 3; co_await tick(); }
struct P { ~P() { ::usleep(1); } }; // finding: blocking-call-in-coroutine
struct Q { P p; }; // no destructor of its own
task<> of_a_member(std::vector<std::unique_ptr<Q>> &all) { auto old = std::move(all); co_await tick(); }
struct R : std::enable_shared_from_this<R> { ~R() { ::usleep(1); } void start(); };
task<> an_owner_that_shares_itself() { auto r = std::make_shared<R>(); r->start(); co_await tick(); }
