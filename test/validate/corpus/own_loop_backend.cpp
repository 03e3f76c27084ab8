// As libraries in C do it: the loop waits through a table of functions, and calls handlers through another.
// builds: clang-O2 gcc-O0
#include "own.h"

struct backend {
  int (*wait)(int queue, int timeout);
};
static int wait_by_epoll(int queue, int timeout) {
  epoll_event event;
  int count = epoll_wait(queue, &event, 1, timeout);
  return count < 0 ? 0 : count;
}

struct base {
  const backend *volatile uses;
  int queue;
  std::deque<std::function<void()>> active;
};

static int process(base &of) {
  int count = 0;
  for (; !of.active.empty(); ++count) {
    auto next = std::move(of.active.front());
    of.active.pop_front();
    next();
  }
  return count;
}

static int dispatch(base &of, int turns) {
  int count = 0;
  for (int i = 0; i < turns; ++i) {
    count += of.uses->wait(of.queue, 1);
    count += process(of);
  }
  return count;
}

static own::task serve() {
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  co_return;
}

static own::task finish() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

static own::task unused(bool here) {
  if (here)
    co_await finish();
}

int main() {
  static const backend epoll{wait_by_epoll};
  base events{&epoll, epoll_create1(0), {}};
  own::task first = serve(), second = finish(), third = unused(own::opaque(false));
  third.handle.resume();
  dispatch(events, 3);
  events.active.push_back([&] { first.handle.resume(); });
  dispatch(events, 3);
  events.active.push_back([&] { second.handle.resume(); });
  if (process(events) != 1)
    std::abort();
  close(events.queue);
}
