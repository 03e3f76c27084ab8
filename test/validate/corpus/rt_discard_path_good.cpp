// The same, and this run awaits each of them.
// builds: clang-O1 gcc-O2
// evidence: runtime
#include "rt.h"

static task<int> load(int i) {
  co_await sleep_for(1ms);
  co_return i;
}

static task<int> session(bool wanted) {
  int sum = 0;
  for (int i = 0; i < 3; ++i) {
    auto loaded = load(i); // verdict: discarded-awaitable contradicted "every task was started and awaited"
    if (wanted)
      sum += co_await std::move(loaded);
  }
  co_return sum;
}

int main() {
  tenterhook::event_loop loop;
  return loop.run_until_complete(session(opaque(true))) == 3 ? 0 : 1;
}
