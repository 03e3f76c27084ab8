// A further file of the tests that name it.
#include "../../Inputs/task.h"
#include <thread>

static void helper() {}

namespace {
void nameless() { std::this_thread::sleep_for(std::chrono::seconds(1)); } // finding: blocking-call-in-coroutine "coroutine 'second'"
struct Worker {
  void run() { std::this_thread::sleep_for(std::chrono::seconds(1)); } // finding: blocking-call-in-coroutine "coroutine 'second'"
};
} // namespace

task<> second() {
  helper();
  nameless();
  Worker{}.run();
  co_await tick();
}
