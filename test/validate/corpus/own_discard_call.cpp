// A task is dropped. Tasks of a program's own type leave no trace.
#include "own.h"

static own::task notify(own::loop &loop) { co_await loop.sleep(1ms); }

static own::task session(own::loop &loop) {
  notify(loop); // verdict: discarded-awaitable inconclusive "sees tasks"
  co_await loop.sleep(1ms);
}

int main() {
  own::loop loop;
  loop.run(session(loop));
}
