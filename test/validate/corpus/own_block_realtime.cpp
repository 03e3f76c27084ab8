// RealtimeSanitizer reports the call and its stack, but no time: it may have returned at once.
// builds: clang-rtsan
// evidence: realtime-sanitizer
#include "own.h"

static own::task session() {
  usleep(1'000); // verdict: blocking-call-in-coroutine inconclusive "not how long it took"
  co_return;
}

[[gnu::noinline]] static void turn(std::coroutine_handle<> ready) noexcept [[clang::nonblocking]] { ready.resume(); }

int main() {
  own::task root = session();
  turn(root.handle);
}
