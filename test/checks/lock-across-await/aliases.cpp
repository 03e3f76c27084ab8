// RUN: %verify %s
// Guards by another name: aliases, alias templates, macros, derived classes, auto.
#include "../Inputs/task.h"
#include <mutex>

using Guard = std::lock_guard<std::mutex>;
template <class M> using GuardOf = std::unique_lock<M>;
typedef std::scoped_lock<std::mutex> OldGuard;
using Mutex = std::recursive_mutex;
struct named_lock : std::unique_lock<std::mutex> {
  using std::unique_lock<std::mutex>::unique_lock;
};

std::mutex g_mutex;
Mutex g_aliased;

#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)
#define LOCK(m) std::lock_guard<std::decay_t<decltype(m)>> CONCAT(lock_, __LINE__)(m)
#define SYNCHRONIZED(m) if (std::lock_guard CONCAT(lock_, __LINE__){m}; true)
#define GUARDED(m, statement)                                                                                          \
  do {                                                                                                                 \
    std::lock_guard<std::mutex> lock_guarded(m);                                                                       \
    statement;                                                                                                         \
  } while (0)

task<> alias() {
  Guard lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> alias_template() {
  GuardOf<std::mutex> lock{g_mutex};
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> alias_template_unlocked() {
  GuardOf<std::mutex> lock{g_mutex};
  lock.unlock();
  co_await tick();
}
task<> alias_typedef() {
  OldGuard lock{g_mutex};
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> alias_of_mutex() {
  std::lock_guard<Mutex> lock{g_aliased};
  co_await tick(); // finding: lock-across-await certain "'g_aliased'"
}
task<> derived() {
  named_lock lock(g_mutex);
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> derived_unlocked() {
  named_lock lock(g_mutex);
  lock.unlock();
  co_await tick();
}
task<> macro() {
  LOCK(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> macro_fixed() {
  { LOCK(g_mutex); }
  co_await tick();
}
task<> macro_scope() {
  SYNCHRONIZED(g_mutex) {
    co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  }
  co_await tick();
}
task<> macro_with_await() {
  GUARDED(g_mutex, co_await tick()); // finding: lock-across-await certain "'g_mutex'"
  co_await tick();
}
task<> macro_with_call() {
  GUARDED(g_mutex, use(1));
  co_await tick();
}
task<> reference_to_guard() {
  std::unique_lock lock(g_mutex);
  auto &same = lock;
  same.unlock();
  co_await tick();
}
task<> reference_extends() {
  const auto &lock = std::lock_guard<std::mutex>(g_mutex);
  (void)lock;
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> temporary_ends() {
  std::unique_lock<std::mutex>{g_mutex};
  std::lock_guard<std::mutex>{g_mutex}, use(1);
  co_await tick();
}
task<> temporary_lives_to_the_semicolon() {
  (void)std::unique_lock<std::mutex>{g_mutex}, co_await tick(); // finding: lock-across-await "'g_mutex'"
}
