// setjmp returns twice: the second time with a value other than 0, from a call behind it that does not return.
// RUN: %tenterhook facts %s -- -std=gnu17 | FileCheck %s
#include <setjmp.h>
#include <stdlib.h>

jmp_buf back;
void work(int);

int tested(int x) {
  if (setjmp(back)) {
    work(1);
    return 1;
  }
  work(2);
  if (x) longjmp(back, 1);
  work(3);
  return 0;
}
// CHECK-LABEL: function tested
// CHECK: block {{[0-9]+}} again [[SECOND:[0-9]+]]
// CHECK-NEXT: %[[SET:[0-9]+]]: call _setjmp(&back)
// CHECK-NEXT: goto [[BEHIND:[0-9]+]]
// CHECK: block [[BEHIND]]
// CHECK-NEXT: if %[[SET]] then [[SECOND]] else [[FIRST:[0-9]+]]
// CHECK: block [[FIRST]]
// CHECK: call work(2)
// CHECK: call longjmp(&back, 1)
// CHECK-NEXT: goto [[SECOND]]
// CHECK: block [[SECOND]]
// CHECK-NEXT: {{.*}}call work(1)

int compared(void) {
  if (setjmp(back) == 0) {
    longjmp(back, 2);
  }
  work(4);
  return 0;
}
// CHECK-LABEL: function compared
// CHECK: block {{[0-9]+}} again [[AFTER:[0-9]+]]
// CHECK: block [[AFTER]]
// CHECK-NEXT: {{.*}}call work(4)
// CHECK: call longjmp(&back, 2)
// CHECK-NEXT: goto [[AFTER]]

int kept(void) {
  int again = setjmp(back);
  work(again);
  longjmp(back, 3);
}
// CHECK-LABEL: function kept
// CHECK: block {{[0-9]+}} again [[BEHIND:[0-9]+]]
// CHECK-NEXT: {{.*}}call _setjmp(&back)
// CHECK: block [[BEHIND]]
// CHECK: call work(again)
// CHECK: call longjmp(&back, 3)
// CHECK-NEXT: goto [[BEHIND]]

// A path leads around it: an exit that is not this jump's.
void around(int x) {
  if (x && setjmp(back)) work(5);
  exit(1);
}
// CHECK-LABEL: function around
// CHECK: call exit(1)
// CHECK-NEXT: goto unreachable
