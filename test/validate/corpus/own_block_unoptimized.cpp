// At -O0 the calls of the standard library are functions of the program.
// builds: clang-O0 gcc-O0
#include "own.h"

// verdict: blocking-call-in-coroutine confirmed "blocked the loop"
static void pause_a_little() { std::this_thread::sleep_for(100ms); }

static own::task session(own::loop &loop) {
  co_await loop.sleep(1ms);
  pause_a_little();
}

int main() {
  own::loop loop;
  loop.run(session(loop));
}
