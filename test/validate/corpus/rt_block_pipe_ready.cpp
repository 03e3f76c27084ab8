// The bytes are there before the task reads them: four calls, none of them slow, and all of them counted.
#include "rt.h"

static int ends[2];

static task<> reader() {
  char byte;
  for (int i = 0; i < 4; ++i) {
    co_await sleep_for(1ms);
    if (read(ends[0], &byte, 1) != 1) // verdict: blocking-call-in-coroutine contradicted "never slow"
      std::abort();
  }
}

int main() {
  if (pipe(ends) != 0 || write(ends[1], "abcd", 4) != 4)
    return 1;
  tenterhook::event_loop loop;
  loop.run_until_complete(reader());
}
