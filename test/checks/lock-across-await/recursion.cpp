// RUN: %verify %s
// Functions that call each other, and functions with many ways out: summaries reach their fixpoint, nothing is cut off.
#include "../Inputs/task.h"
#include <mutex>

std::mutex g_mutex, g_a, g_b, g_c, g_d, g_e;
bool ready();

// A cycle of five, the lock taken in the last.
namespace five {
std::mutex held;
void e(int), d(int), c(int), b(int), a(int);
void a(int n) {
  if (n)
    b(n - 1);
}
void b(int n) { c(n); }
void c(int n) { d(n); }
void d(int n) { e(n); }
void e(int n) {
  if (n == 7)
    a(n);
  held.lock();
}
task<> from_the_first(int n) {
  a(n); // not if it is 0
  co_await tick(); // finding: lock-across-await likely "held'"
}
task<> from_the_first_with_five() {
  a(5);
  co_await tick(); // finding: lock-across-await certain "held'"
}
task<> from_the_second() {
  b(5);
  co_await tick(); // finding: lock-across-await certain "held'"
}
} // namespace five

// The same with an unlock that another one does.
namespace balanced {
void leave(int), work(int);
void enter(int n) {
  g_mutex.lock();
  work(n);
}
void work(int n) {
  if (n > 2)
    enter(n - 1);
  leave(n);
}
void leave(int) { g_mutex.unlock(); }
task<> balances() {
  enter(9);
  co_await tick();
}
} // namespace balanced

// Recursive coroutines.
task<> down(int n) {
  if (n == 0) {
    g_mutex.lock();
    co_return;
  }
  co_await down(n - 1);
}
task<> up(int n) {
  if (n)
    co_await up(n - 1);
}
task<> awaits_down() {
  co_await down(3);
  co_await tick(); // finding: lock-across-await "'g_mutex'"
  g_mutex.unlock();
}
task<> awaits_up() {
  co_await up(3);
  co_await tick();
}
// Written before what it awaits is known.
task<> later();
task<> chain_of_awaits() {
  co_await later();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  g_mutex.unlock();
}
task<> latest() {
  g_mutex.lock();
  co_return;
}
task<> later() { co_await latest(); }

// A tree of locks.
struct node {
  std::mutex mutex;
  node *next = nullptr;
};
void lock_all(node *n) {
  n->mutex.lock();
  if (n->next)
    lock_all(n->next);
}
void visit(node *n) {
  std::lock_guard lock(n->mutex);
  if (n->next)
    visit(n->next);
}
task<> locks_all(node *n) {
  lock_all(n);
  co_await tick(); // finding: lock-across-await "'n.mutex'"
}
task<> visits(node *n) {
  visit(n);
  co_await tick();
}

// Eight ways out of one helper, each with other locks; the last path holds nothing.
int choose();
void many(int n) {
  if (n == 1)
    return g_a.lock();
  if (n == 2)
    return g_b.lock();
  if (n == 3)
    return g_c.lock();
  if (n == 4)
    return g_d.lock();
  if (n == 5)
    return g_e.lock();
  if (n == 6) {
    g_a.lock();
    g_b.lock();
    return;
  }
  if (n == 7) {
    g_c.lock();
    g_d.lock();
    return;
  }
  g_mutex.lock();
}
void none_left(int n) {
  many(n);
  if (n == 1)
    g_a.unlock();
}
task<> one_of_many() {
  many(choose());
  co_await tick(); // finding: lock-across-await likely "g_mutex"
}
int many_numbers(int n) {
  if (n == 1) { g_a.lock(); return 1; }
  if (n == 2) { g_b.lock(); return 2; }
  if (n == 3) { g_c.lock(); return 3; }
  if (n == 4) { g_d.lock(); return 4; }
  if (n == 5) { g_e.lock(); return 5; }
  if (n == 6) { g_a.lock(); g_b.lock(); return 6; }
  if (n == 7) { g_b.lock(); g_c.lock(); return 7; }
  return 0;
}
task<> none_of_many() {
  if (many_numbers(choose()) == 0)
    co_await tick();
}
