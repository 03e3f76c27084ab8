// RUN: %verify %s
// What an analysis joins and iterates: handlers, recursions over functions and data, deleters, scope exits, virtual and kept
// functions, std::try_lock, conditions that come twice, rounds of a loop.
#include "../Inputs/task.h"
#include <functional>
#include <memory>
#include <mutex>
#include <map>
#include <vector>
#include <string>
#include <stdexcept>
#include <pthread.h>
void work(); bool ready(); void may_throw(); void cannot() noexcept;
std::mutex gm, gn; pthread_mutex_t cm;
// exceptions
task<> e1() { try { gm.lock(); cannot(); gm.unlock(); } catch (...) {} co_await tick(); }
task<> e2() { try { gm.lock(); may_throw(); gm.unlock(); } catch (const std::runtime_error &) { gm.unlock(); } co_await tick(); }
task<> e3() { gm.lock(); try { may_throw(); } catch (...) { gm.unlock(); throw; } gm.unlock(); co_await tick(); }
task<> e4() { bool f = false; try { std::lock_guard g(gm); may_throw(); } catch (...) { f = true; } if (f) co_await tick(); co_await tick(); }
task<> e5() { try { pthread_mutex_lock(&cm); may_throw(); pthread_mutex_unlock(&cm); } catch (...) {} co_await tick(); } // finding: lock-across-await
void locked_work() { gm.lock(); may_throw(); gm.unlock(); }
task<> e6() { try { locked_work(); } catch (...) { } co_await tick(); }
task<> e7() { try { if (ready()) { gm.lock(); throw 1; } } catch (int) { work(); } co_await tick(); } // finding: lock-across-await
// recursion
void r1(int n) { if (n) { gm.lock(); r1(n - 1); gm.unlock(); } }
task<> c1() { r1(3); co_await tick(); }
void r2(int n) { if (n) r2(n - 1); else gm.lock(); }
task<> c2() { r2(3); co_await tick(); } // finding: lock-across-await
struct Tree { std::vector<Tree> kids; std::mutex m; void lock_all() { m.lock(); for (auto &k : kids) k.lock_all(); } void unlock_all() { for (auto &k : kids) k.unlock_all(); m.unlock(); } };
task<> c3(Tree &t) { t.lock_all(); co_await tick(); t.unlock_all(); } // finding: lock-across-await
task<> c4(Tree &t) { t.lock_all(); t.unlock_all(); co_await tick(); }
// deleters
struct Del { void operator()(std::mutex *p) const { p->unlock(); } };
using Held = std::unique_ptr<std::mutex, Del>;
Held hold(std::mutex &m) { m.lock(); return Held(&m); }
task<> d1() { auto h = hold(gm); co_await tick(); } // finding: lock-across-await
task<> d2() { { auto h = hold(gm); work(); } co_await tick(); }
task<> d3() { auto h = hold(gm); h.reset(); co_await tick(); }
task<> d4(std::mutex &q) { { q.lock(); std::shared_ptr<void> u(nullptr, [&q](void *) { q.unlock(); }); work(); } co_await tick(); }
task<> d5(std::mutex &q) { { q.lock(); std::shared_ptr<std::mutex> u(&q, [](std::mutex *p) { p->unlock(); }); work(); } co_await tick(); }
task<> d6(std::mutex &q) { q.lock(); std::shared_ptr<std::mutex> u(&q, [](std::mutex *p) { p->unlock(); }); co_await tick(); } // finding: lock-across-await
void unlock_it(std::mutex *p) { p->unlock(); }
task<> d7(std::mutex &q) { { q.lock(); std::unique_ptr<std::mutex, void (*)(std::mutex *)> u(&q, unlock_it); work(); } co_await tick(); }
// scope exit
template <class F> struct Exit { F f; bool on = true; explicit Exit(F f) : f(f) {} ~Exit() { if (on) f(); } void dismiss() { on = false; } };
task<> x1(std::mutex &q) { { q.lock(); Exit e([&] { q.unlock(); }); work(); } co_await tick(); }
task<> x2(std::mutex &q) { q.lock(); Exit e([&] { q.unlock(); }); co_await tick(); } // finding: lock-across-await
struct S { std::mutex m; std::map<std::string, int> v;
  task<> y1() { { m.lock(); Exit e([this] { m.unlock(); }); work(); } co_await tick(); }
  task<> y2() { { m.lock(); auto u = [this] { m.unlock(); }; u(); } co_await tick(); }
  task<> y3() { lock(); co_await tick(); unlock(); } // finding: lock-across-await
  void lock() { m.lock(); } void unlock() { m.unlock(); }
  template <class F> void with(F f) { std::lock_guard g(m); f(); }
  task<> y4() { with([] { work(); }); co_await tick(); }
};
// virtual & kept
struct Base { virtual ~Base() = default; virtual void in() = 0; virtual void out() = 0; };
struct D1 : Base { std::mutex m; void in() override { m.lock(); } void out() override { m.unlock(); } };
struct D2 : Base { void in() override {} void out() override {} };
task<> w1(Base &b) { b.in(); co_await tick(); b.out(); } // finding: lock-across-await
task<> w2(Base &b) { b.in(); b.out(); co_await tick(); }
task<> w3(std::unique_ptr<Base> b) { b->in(); work(); b->out(); co_await tick(); }
void make() { D1 a; D2 b; a.in(); b.in(); a.out(); }
struct Hooks { std::function<void()> in, out; };
Hooks hooks{[] { gn.lock(); }, [] { gn.unlock(); }};
task<> k1() { hooks.in(); co_await tick(); hooks.out(); } // finding: lock-across-await
task<> k2() { hooks.in(); hooks.out(); co_await tick(); }
void (*table[])() = {[] { gn.lock(); }, [] { gn.unlock(); }};
// try_lock
task<> t1() { if (std::try_lock(gm, gn) == -1) { gm.unlock(); gn.unlock(); } co_await tick(); }
task<> t2() { if (std::try_lock(gm, gn) != -1) co_return; co_await tick(); gm.unlock(); gn.unlock(); } // finding: lock-across-await
task<> t3() { int r = std::try_lock(gm, gn); if (r < 0) { co_await tick(); gm.unlock(); gn.unlock(); } } // finding: lock-across-await
task<> t4() { int r = std::try_lock(gm, gn); if (r >= 0) { co_await tick(); } else { gm.unlock(); gn.unlock(); } }
task<> t5() { switch (std::try_lock(gm, gn)) { case -1: gm.unlock(); gn.unlock(); break; default: break; } co_await tick(); }
// loops: next round
task<> l1() { for (;;) { co_await tick(); gm.lock(); if (ready()) { gm.unlock(); break; } } } // finding: lock-across-await
task<> l2(int n) { for (int i = 0; i < n; ++i) { if (i == 0) gm.lock(); work(); if (i == 0) gm.unlock(); } co_await tick(); }
task<> l3(int k) { const bool a = k > 2, b = k < 9; if (a && b) gm.lock(); work(); if (a && b) gm.unlock(); co_await tick(); }
task<> l4(int k) { if (k == 1 || k == 2) gm.lock(); work(); if (k == 1 || k == 2) gm.unlock(); co_await tick(); }
