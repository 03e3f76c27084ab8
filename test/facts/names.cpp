// What entities and types are called, and what is told about them.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
#include <mutex>
namespace lib {
inline namespace v2 {
struct Spin {
  void lock();
  void unlock();
};
} // namespace v2
[[clang::annotate("tenterhook::blocking")]] void fetch();
void quick() [[clang::nonblocking]];
} // namespace lib
namespace {
thread_local int mine;
struct Local {
  static inline int count = 0;
  lib::Spin spin;
};
} // namespace
extern "C" long read(int, void *, unsigned long);

template <class T> T pick(T a) {
  return a;
}
void all(Local &l) {
  lib::fetch();
  lib::quick();
  mine = 1;
  Local::count += pick(2);
  l.spin.lock();
  read(0, nullptr, 8);
  std::recursive_mutex m;
  m.lock();
}
// CHECK-LABEL: function pick : int
// CHECK-LABEL: function all
// CHECK:         call lib::fetch -> discarded
// CHECK:         write mine = 1
// CHECK:         call pick(2) : int
// CHECK:         read-write Local::count
// CHECK-NEXT:    call lib::Spin::lock on l.spin -> discarded
// CHECK-NEXT:    call read(0, null, 8) : long [prvalue] -> discarded
// CHECK:         call std::recursive_mutex::lock on m
// CHECK-DAG: function-entity lib::fetch() annotation(tenterhook::blocking)
// CHECK-DAG: function-entity lib::quick() annotation(clang::nonblocking)
// CHECK-DAG: variable-entity mine : int [internal thread_local]
// CHECK-DAG: type lib::Spin [lockable
// CHECK-DAG: type std::recursive_mutex [system lockable
