// Two calls lie between the coroutine and the sleep.
// builds: clang-O1 gcc-O0 gcc-O2
#include "own.h"

// verdict: blocking-call-in-coroutine confirmed "blocked the loop"
static void back_off() { std::this_thread::sleep_for(100ms); }
static void retry(int times) {
  for (int i = 0; i < times; ++i)
    back_off();
}

static own::task client(own::loop &loop) {
  co_await loop.sleep(1ms);
  retry(2);
}

int main() {
  own::loop loop;
  loop.run(client(loop));
}
