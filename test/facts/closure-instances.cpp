// Instances of a template over the closures of one function are different entities and classes, in every translation unit
// the same ones: whichever function is read first.
// RUN: %tenterhook facts --json %s -- -std=c++20 > %t.first
// RUN: %tenterhook facts --json %s -- -std=c++20 -DOTHER_FIRST > %t.second
// RUN: %python %source/test/facts/Inputs/closures.py %t.first %t.second | FileCheck %s
template <class F> struct AtEnd {
  F f;
  explicit AtEnd(F f) : f(f) {}
  ~AtEnd() { f(); }
};
template <class F> void run(F f) { f(); }
template <class F> AtEnd<F> made(F f) { return AtEnd<F>(f); }
#define TWO(...) AtEnd a{[&] { __VA_ARGS__; }}; AtEnd b{[&] { __VA_ARGS__; }}

inline int first() {
  int n = 0;
  AtEnd x([&] { n = 1; }); AtEnd y([&] { n = 2; });
  run([&] { n = 3; });
  return n;
}
inline int second() {
  int n = 0;
  TWO(++n);
  auto x = made([&] { n = 4; });
  return n;
}
template <class T> int local(T t) {
  struct Local {
    T t;
    int f() { return sizeof t; }
  };
  return Local{t}.f();
}
#ifdef OTHER_FIRST
int use() { return second() + first() + local('a') + local(1); }
#else
int use() { return first() + second() + local(1) + local('a'); }
#endif
// CHECK: destructors of AtEnd: 5 in each, 5 names, the same
// CHECK: run: 1 in each, 1 name, the same
// CHECK: classes AtEnd: 5 in each, 5 names, the same
// CHECK: classes Local: 2 in each, 2 names, the same
