// The call is in both: RealtimeSanitizer tells that it was made, and measures nothing; the recorder, which refuses
// builds with a sanitizer, was given the plain build, and decides.
// builds: clang-O1 clang-rtsan
// evidence: recorder@clang-O1 realtime-sanitizer@clang-rtsan
#include "own.h"

static own::task session() {
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop once"
  co_return;
}

[[gnu::noinline]] static void turn(std::coroutine_handle<> ready) noexcept [[clang::nonblocking]] { ready.resume(); }

int main() {
  own::task root = session();
  int queue = epoll_create1(0);
  epoll_event event;
  volatile int turns = 5;
  for (int i = 0; i < turns; ++i) {
    epoll_wait(queue, &event, 1, 1);
    if (i == 3)
      turn(root.handle);
  }
}
