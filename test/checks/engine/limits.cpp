// A limit that was hit is named, with where it was first and in how many functions; one that was only reached is not.
// RUN: %tenterhook check %s -- -std=c++20 -DMORE=0 | FileCheck --check-prefix=REACHED %s
// RUN: %tenterhook check --format json %s -- -std=c++20 -DMORE=1 | FileCheck --check-prefix=HIT %s
// RUN: %tenterhook check --format json %s -- -std=c++20 -DMORE=0 -DAWAITED -I%S/../Inputs | FileCheck --check-prefix=AWAITED %s
// RUN: not %tenterhook check --format concise %s -- -std=c++20 -DMORE=0 -DLARGE | FileCheck --check-prefix=LARGE %s
// RUN: sh -c '%tenterhook check -q %s -- -std=c++20 -DMORE=0 -DLARGE > %t.large; test $? = 3'
// REACHED-NOT: followed in part
// REACHED: 1 of 1 translation unit analysed
// HIT: limits.cpp:[[#@LINE+20]]: 'calls' (and 1 more) was followed in part: more than 16 classes that override a method
struct shape {
  virtual ~shape() = default;
  virtual int draw() = 0;
};
template <int N> struct of : shape {
  int draw() override { return N; }
};
template <int... N> struct all {
  static shape *make(int n) {
    shape *out = nullptr;
    ((n == N ? void(out = new of<N>) : void()), ...);
    return out;
  }
};
#if MORE
using made = all<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16>;
#else
using made = all<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15>;
#endif
int calls(shape &s) { return s.draw(); }
int calls_too(shape *s) { return s->draw() + 1; }
int main(int n, char **) {
  shape *s = made::make(n);
  return calls(*s) + calls_too(s);
}

// Locks are only looked at where a coroutine may run it: no other function reaches, or hits, their limits. In a recursion
// each of `tangled` and `knotted` may leave any of six locks to the other.
// AWAITED: limits.cpp:[[#@LINE+7]]: 'knotted' (and 2 more) was followed in part: more than 48 combinations of locks at one place
struct a_mutex {
  void lock();
  void unlock();
};
a_mutex a, b, c, d, e, f;
void tangled(int n);
void knotted(int n) {
  if (n & 1)
    a.lock();
  if (n & 2)
    b.lock();
  if (n & 4)
    c.lock();
  tangled(n - 1);
  if (n & 8)
    d.lock();
  if (n & 16)
    e.lock();
  if (n & 32)
    f.lock();
}
void tangled(int n) {
  if (n > 0)
    knotted(n);
}
#ifdef AWAITED
#include "task.h"
task<> awaits() {
  tangled(5);
  co_await std::suspend_always{};
}
#endif
// A body that is left out as a whole is named, and the run is not complete.
#ifdef LARGE
#define TEN(x) x x x x x x x x x x
#define TEN_THOUSAND TEN(TEN(TEN(TEN(if (n) f.lock();))))
// LARGE: limits.cpp:[[#@LINE+1]]:1: analysed in part: 'large' was left out: more than 12000 blocks in one body; split it
void large(int n) { TEN_THOUSAND }
#endif
