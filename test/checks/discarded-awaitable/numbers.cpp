// Silent: durations and times are numbers, also where an `operator co_await` makes each of them awaitable.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <chrono>

using namespace std::chrono;
struct pause {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
pause operator co_await(milliseconds);
pause operator co_await(steady_clock::time_point);
pause nap();

void duration(bool b) {
  auto limit = milliseconds(1) + milliseconds(2);
  if (b) use(static_cast<int>(limit.count()));
}
void time_point(bool b) {
  auto end = steady_clock::now() + milliseconds(2);
  if (b) use(static_cast<int>(end.time_since_epoch().count()));
}
void awaiter(bool b) {
  auto n = nap(); // finding: discarded-awaitable
  if (b) n.await_ready();
}
