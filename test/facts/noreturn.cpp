// Code ends at a call that does not return: no edge to the exit, but what it throws reaches a handler.
// RUN: %tenterhook facts %s -- -std=c++20 -fexceptions | FileCheck %s
[[noreturn]] void fail();
void work();

int plain(int n) {
  if (n) fail();
  return 1;
}
// CHECK: function plain
// CHECK: %2: call fail -> discarded
// CHECK-NEXT: goto unreachable

int caught(int n) {
  try {
    fail();
  } catch (int) {
    work();
  }
  return n;
}
// CHECK: function caught
// CHECK: %0: call fail -> discarded
// CHECK-NEXT: if ? then unreachable else [[HANDLERS:[0-9]+]]
// CHECK: block [[HANDLERS]] handler

int thrown(int n) {
  if (n) throw 1;
  return n;
}
// CHECK: function thrown
// CHECK: throw 1
// CHECK-NEXT: goto 1
