// Statics, unnamed namespaces and lambdas of one name in two files are different functions.
// RUN: %verify %s %S/Inputs/same-names-2.cpp
#include "../Inputs/task.h"
#include <thread>

static void helper() { std::this_thread::sleep_for(std::chrono::seconds(1)); } // finding: blocking-call-in-coroutine "coroutine 'first'"

namespace {
void nameless() {}
struct Worker {
  void run() {}
};
} // namespace

task<> first() {
  helper();
  nameless();
  Worker{}.run();
  co_await tick();
}
