// The witness is the shortest chain, in the order in which it happens, from the coroutine to the call that blocks.
// RUN: %exits 1 %tenterhook check -q --format json %s -- -std=c++20 | FileCheck %s
#include "../Inputs/task.h"
#include <thread>

// CHECK: "function": "leaf"
// CHECK: "witness": [
// CHECK: "lane": "coroutine session"
// CHECK: "line": [[# @LINE + 13]],
// CHECK: "message": "runs on the event loop's thread"
// CHECK: "line": [[# @LINE + 13]],
// CHECK: "message": "calls 'middle'"
// CHECK: "line": [[# @LINE + 7]],
// CHECK: "message": "calls 'leaf'"
// CHECK: "line": [[# @LINE + 4]],
// CHECK: "message": "'std::this_thread::sleep_for' sleeps"
// CHECK-NOT: "message"
// CHECK: "related": []
void leaf() { std::this_thread::sleep_for(std::chrono::seconds(1)); }
void middle() { leaf(); }
void longer() { middle(); }
task<> session() {
  longer();
  middle();
  co_await tick();
}
