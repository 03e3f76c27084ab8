// A function makes one turn, and ends with its handler: at -O2 by a jump, so that its frame is gone while the handler
// runs. Who calls it, turn after turn, is the loop. Afterwards main() calls the handler itself.
// builds: clang-O0 clang-O2 gcc-O0 gcc-O2
#include "own.h"

using handler = bool (*)();

static own::task *current;

static own::task serve() {
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  co_return;
}

static own::task finish() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

static own::task unused(bool here) {
  if (here) {
    co_await serve();
    co_await finish();
  }
}

[[gnu::noinline]] static bool resume_current() {
  current->handle.resume();
  return true;
}
[[gnu::noinline]] static bool nothing() { return true; }

[[gnu::noinline]] static bool run_one(int queue, handler next) {
  epoll_event event;
  if (epoll_wait(queue, &event, 1, 1) < 0)
    return false;
  return next();
}

[[gnu::noinline]] static int run(int queue, volatile handler *next) {
  int turns = 0;
  while (*next && run_one(queue, *next)) {
    ++next;
    ++turns;
  }
  return turns;
}

int main() {
  int queue = epoll_create1(0);
  own::task first = serve(), second = finish(), third = unused(own::opaque(false));
  third.handle.resume();
  volatile handler handlers[] = {nothing, nothing, resume_current, nothing, nullptr};
  current = &first;
  if (run(queue, handlers) != 4)
    std::abort();
  current = &second;
  if (!handlers[2]())
    std::abort();
  close(queue);
}
