// An awaited task and two calls lie between the task that the loop runs and the sleep. Symmetric transfer leaves the
// awaiting task off the stack; the finding's coroutine is the one that is on it.
// builds: clang-O1 gcc-O2
#include "rt.h"

static void settle() { usleep(100'000); } // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
static void reload() { settle(); }

static task<> refresh() {
  co_await sleep_for(1ms);
  reload();
}
static task<> session() { co_await refresh(); }

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session());
}
