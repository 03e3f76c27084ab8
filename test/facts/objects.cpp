// Where constructed objects live; callables whose result a wrapper drops; where exceptions thrown in a block go.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
#include <functional>
#include <memory>
#include <new>

struct Box {
  Box(int);
  ~Box();
  int value;
};
Box global(1);
thread_local Box mine(2);
alignas(Box) char room[sizeof(Box)];
void take(Box);
void take(Box *);
void take(int *);

void objects() {
  Box local(3);
  static Box kept(4);
  take(Box(5));
  take(new Box(6));
  take(new (room) Box(7));
  take(new (std::nothrow) Box(8));
  take(new int(9));
  int *many = new int[10];
  delete[] many;
}
// CHECK: construct Box global(1) [static prvalue]
// CHECK: construct Box mine(2) [thread prvalue]
// CHECK-LABEL: function objects
// CHECK: construct Box local(3) [prvalue]
// CHECK: construct Box {{.*}}kept(4) [static prvalue]
// CHECK: construct Box %{{[0-9]+}}(5) [prvalue] -> argument
// CHECK: construct Box %{{[0-9]+}}(6) [heap prvalue] -> argument
// CHECK: construct Box %{{[0-9]+}}(7) at &room [placement prvalue]
// CHECK: construct Box %{{[0-9]+}}(8) [heap prvalue]
// CHECK: construct int %{{[0-9]+}}(9) [heap prvalue]
// CHECK: construct int[] %{{[0-9]+}} [heap prvalue] -> stored many
// CHECK: destroy int[] *many [delete]

int answer();
void nothing();
struct Functor {
  int operator()() const;
};
void dropped() {
  std::function<void()> a = [] { return 1; };
  std::function<void()> b = [] {};
  std::function<int()> c = [] { return 1; };
  std::function<void()> d = answer;
  std::function<void()> e = nothing;
  std::function<void()> f{Functor{}};
  std::function<void()> copy = a;
}
// CHECK-LABEL: function dropped
// CHECK: construct std::function<void ()> a({{.*}}) [drops-result prvalue]
// CHECK: construct std::function<void ()> b({{.*}}) [prvalue]
// CHECK: construct std::function<int ()> c({{.*}}) [prvalue]
// CHECK: construct std::function<void ()> d(&answer) [drops-result prvalue]
// CHECK: construct std::function<void ()> e(&nothing) [prvalue]
// CHECK: construct std::function<void ()> f({{.*}}) [drops-result prvalue]
// CHECK: construct std::function<void ()> copy(a) [prvalue]

void risky();
void cleanup() noexcept;
void handled(bool again) {
  cleanup();
  try {
    risky();
    if (again) risky();
    try {
      risky();
    } catch (int) {
      cleanup();
    }
  } catch (...) {
    cleanup();
  }
}
// CHECK-LABEL: function handled
// CHECK: block {{[0-9]+}} unwind [[OUTER:[0-9]+]]
// CHECK: call risky
// CHECK: block [[OUTER]] handler
// CHECK: function-entity cleanup() [noexcept]
