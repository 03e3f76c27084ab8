// Awaits, guards and temporaries in evaluation order.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
#include "Inputs/coro.h"
#include <mutex>
using demo::task;

task<int> load(int);
std::mutex gate;

task<int> held(int n) {
  std::unique_lock lock(gate);
  int a = co_await load(n);
  lock.unlock();
  co_return a + co_await load(2);
}
// CHECK-LABEL: function held : demo::task<int> [coroutine]
// CHECK:         %0: construct std::unique_lock<std::mutex> lock(gate)
// CHECK-NEXT:    %1: call load(n) : demo::task<int> [prvalue] -> awaited %2
// CHECK-NEXT:    %2: await %1 {{.*}} -> stored a
// CHECK-NEXT:    %3: write a = %2
// CHECK-NEXT:    %4: destroy demo::task<int> %1
// CHECK-NEXT:    %5: call std::unique_lock::unlock on lock -> discarded
// CHECK:         call load(2) {{.*}} -> awaited
// CHECK:         return ?
// CHECK-NEXT:    destroy std::unique_lock<std::mutex> lock

task<int> inner_scope() {
  {
    std::lock_guard guard(gate);
  }
  auto later = load(1);
  co_return co_await std::move(later);
}
// CHECK-LABEL: function inner_scope
// CHECK:         construct std::lock_guard<std::mutex> guard(gate)
// CHECK-NEXT:    destroy std::lock_guard<std::mutex> guard
// CHECK-NEXT:    call load(1) : demo::task<int> [prvalue] -> stored later
// CHECK-NEXT:    await move(later) {{.*}} -> returned

task<int> in_conditions(bool c) {
  if (co_await load(1)) co_return 1;
  for (int i = co_await load(2); i != co_await load(3);) load(4);
  co_return c ? co_await load(5) : 0;
}
// CHECK-LABEL: function in_conditions
// CHECK:         await %0 {{.*}} -> condition
// CHECK-NEXT:    destroy demo::task<int> %0
// CHECK-NEXT:    if %1 then
// CHECK:         call load(4) : demo::task<int> [prvalue] -> discarded

// CHECK: type demo::task<int> [awaitable coroutine lazy empty nontrivial-destructor]
// CHECK-NEXT: await-result int
