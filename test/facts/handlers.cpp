// A handler is reached from where its try block begins and from where it ends; a branch keeps two successors.
// RUN: %tenterhook facts %s -- -std=c++20 -fexceptions | FileCheck %s
struct Guard {
  Guard();
  ~Guard();
};
void work(), log();

void f(bool once) {
  Guard outer;
  try {
    Guard inner;
    work();
  } catch (int) {
    log();
  }
}
// CHECK-LABEL: function f
// CHECK:       block 2
// CHECK-NEXT:    construct Guard outer
// CHECK-NEXT:    if ? then 3 else [[FORK:[0-9]+]]
// CHECK-NEXT:  block 3
// CHECK-NEXT:    construct Guard inner
// CHECK-NEXT:    call work -> discarded
// CHECK-NEXT:    destroy Guard inner
// CHECK-NEXT:    if ? then [[AFTER:[0-9]+]] else [[FORK]]
// CHECK:         call log [catch] -> discarded
// CHECK-NEXT:    goto [[AFTER]]
// CHECK:       block [[FORK]]
