// RUN: %verify %s
// Awaiters that are given a guard, a pointer to one, a lock or what unlocks it; and awaits that never suspend.
#include "../Inputs/task.h"
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <pthread.h>
#include <utility>
void work(); bool ready(); void may_throw();
std::mutex gm; std::shared_mutex sm; pthread_mutex_t cm;

// awaitable takes guard by value through constructor, unlocks in suspend
struct UnlocksCtor {
  std::unique_lock<std::mutex> g;
  explicit UnlocksCtor(std::unique_lock<std::mutex> x) : g(std::move(x)) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { g.unlock(); }
  void await_resume() {}
};
task<> v1() { std::unique_lock l(gm); co_await UnlocksCtor{std::move(l)}; }
// keeps a pointer to the guard
struct UnlocksPtr {
  std::unique_lock<std::mutex> *g;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { g->unlock(); }
  void await_resume() { g->lock(); }
};
task<> v2() { std::unique_lock l(gm); co_await UnlocksPtr{&l}; work(); co_await tick(); } // finding: lock-across-await
// C mutex unlocked
struct UnlocksC {
  pthread_mutex_t *m;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { pthread_mutex_unlock(m); }
  void await_resume() {}
};
task<> v3() { pthread_mutex_lock(&cm); co_await UnlocksC{&cm}; }
task<> v3b() { pthread_mutex_lock(&cm); co_await tick(); pthread_mutex_unlock(&cm); } // finding: lock-across-await
// template awaiter over lock type
template <class L> struct Rel {
  L &l;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { l.unlock(); }
  void await_resume() { l.lock(); }
};
template <class L> Rel(L &) -> Rel<L>;
task<> v4() { std::unique_lock l(sm); co_await Rel(l); l.unlock(); co_await tick(); }
task<> v5(std::mutex &m) { m.lock(); co_await Rel(m); m.unlock(); }
// via helper function
template <class L> Rel<L> unlocked(L &l) { return Rel<L>(l); }
task<> v6(std::mutex &m) { m.lock(); co_await unlocked(m); m.unlock(); co_await tick(); }
task<> v6b(std::mutex &m, std::mutex &n) { n.lock(); m.lock(); co_await unlocked(m); m.unlock(); n.unlock(); } // finding: lock-across-await
// operator co_await
struct Op { std::mutex &m; auto operator co_await() { return Rel<std::mutex>(m); } };
task<> v7(std::mutex &m) { m.lock(); co_await Op{m}; m.unlock(); }
// own handle / false
struct Own { bool await_ready() { return false; } std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) { return h; } void await_resume() {} };
task<> v8() { std::lock_guard g(gm); co_await Own{}; }
struct Sometimes { bool r; bool await_ready() { return false; } bool await_suspend(std::coroutine_handle<>) { return r; } void await_resume() {} };
task<> v9() { std::lock_guard g(gm); co_await Sometimes{false}; }
task<> v10() { std::lock_guard g(gm); co_await Sometimes{true}; } // finding: lock-across-await
task<> v11(bool b) { std::lock_guard g(gm); co_await Sometimes{b}; } // finding: lock-across-await
struct Noop { bool await_ready() { return false; } std::coroutine_handle<> await_suspend(std::coroutine_handle<>) { return std::noop_coroutine(); } void await_resume() {} };
task<> v12() { std::lock_guard g(gm); co_await Noop{}; } // finding: lock-across-await
task<> v13() { std::lock_guard g(gm); co_await std::suspend_never{}; }
task<> v14() { std::lock_guard g(gm); co_await std::suspend_always{}; } // finding: lock-across-await
// own guard
struct Guard { std::mutex &m; explicit Guard(std::mutex &m) : m(m) { m.lock(); } ~Guard() { m.unlock(); } void end() { m.unlock(); } };
#define SCOPED(m) Guard scoped_guard_{m}
task<> v15() { SCOPED(gm); co_await tick(); } // finding: lock-across-await
task<> v16() { { SCOPED(gm); work(); } co_await tick(); }
// unlock in the resume only: held while suspended
struct Late { std::unique_lock<std::mutex> g; bool await_ready() { return false; } void await_suspend(std::coroutine_handle<>) {} void await_resume() { g.unlock(); } };
task<> v17() { std::unique_lock l(gm); co_await Late{std::move(l)}; } // finding: lock-across-await
// guard in optional/shared_ptr given
struct Opt { std::optional<std::unique_lock<std::mutex>> g; bool await_ready() { return false; } void await_suspend(std::coroutine_handle<>) { g.reset(); } void await_resume() {} };
task<> v18() { std::unique_lock l(gm); co_await Opt{std::move(l)}; }
// unlocks in a lambda it calls
struct Calls { std::function<void()> f; bool await_ready() { return false; } void await_suspend(std::coroutine_handle<>) { f(); } void await_resume() {} };
task<> v19() { std::unique_lock l(gm); co_await Calls{[&] { l.unlock(); }}; }
// await_ready unlocks
struct Ready { std::unique_lock<std::mutex> &g; bool await_ready() { g.unlock(); return false; } void await_suspend(std::coroutine_handle<>) {} void await_resume() {} };
task<> v20() { std::unique_lock l(gm); co_await Ready{l}; }
// await_transform? if constexpr
template <bool S> struct Cond { bool await_ready() { return false; } bool await_suspend(std::coroutine_handle<>) { if constexpr (S) return true; else return false; } void await_resume() {} };
task<> v21() { std::lock_guard g(gm); co_await Cond<false>{}; }
task<> v22() { std::lock_guard g(gm); co_await Cond<true>{}; } // finding: lock-across-await
