// Atomic builtins and C11's generic functions are calls with the address, the values and the orders; _Atomic is a
// property of the type. Assembly tells what it reads and writes; setjmp that it returns twice.
// RUN: %tenterhook facts %s -- -std=gnu17 | FileCheck %s
#include <setjmp.h>
#include <stdatomic.h>

struct shared {
  atomic_int flag;
  int plain;
};
static _Atomic(int *) head;

int builtins(struct shared *s, int *p) {
  int expected = 0;
  atomic_store_explicit(&s->flag, 1, memory_order_release);
  __atomic_store_n(&s->plain, 2, __ATOMIC_RELAXED);
  __sync_fetch_and_add(&s->plain, 1);
  if (__atomic_compare_exchange_n(p, &expected, 5, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) return 1;
  while (!atomic_load(&s->flag)) {
  }
  s->flag = 3;
  head = p;
  return atomic_fetch_add(&s->flag, 1);
}
// CHECK-LABEL: function builtins
// CHECK: call __c11_atomic_store(&s->flag, 1, 3)
// CHECK: call __atomic_store_n(&s->plain, 2, 0)
// CHECK: call __sync_fetch_and_add{{.*}}(&s->plain, 1)
// CHECK: %[[CAS:[0-9]+]]: call __atomic_compare_exchange_n(p, &expected, 5, 0, 4, 0) : {{bool|_Bool}} [prvalue] -> condition
// CHECK: if %[[CAS]] then
// CHECK: call __c11_atomic_load(&s->flag, 5)
// CHECK: write s->flag = 3
// CHECK: write head = p
// CHECK: call __c11_atomic_fetch_add(&s->flag, 1, 5) : int [prvalue] -> returned

jmp_buf back;
int jump(int *p, int *q) {
  if (setjmp(back)) return 1;
  __asm__ volatile("mov %1, %0" : "=r"(*p) : "r"(*q), "m"(p[2]) : "memory");
  return 0;
}
// CHECK-LABEL: function jump
// CHECK: asm("mov %1, %0", *q, p[2])
// CHECK: write *p

// CHECK-DAG: function-entity _setjmp({{.*}}) : int {{.*}}returns-twice
// CHECK-DAG: type _Atomic(int) [atomic]
// CHECK-DAG: type _Atomic(int *) [atomic]
