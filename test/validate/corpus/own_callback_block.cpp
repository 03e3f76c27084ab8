// Handlers of a loop that no model knows; the analyzer finds it by what it does. A handler that ends with the call has no
// frame: of these only is known that the loop calls what blocks, which is listed at its place. Before the loop runs and
// after it, on the same thread, nobody waits for what blocks.
#include "own.h"

class reactor {
public:
  void post(std::function<void()> handler) { handlers_.push_back(std::move(handler)); }
  void run() {
    int queue = epoll_create1(0);
    epoll_event event;
    while (!handlers_.empty()) {
      epoll_wait(queue, &event, 1, 1);
      auto next = std::move(handlers_.front());
      handlers_.pop_front();
      next(); // unpredicted: blocking-call
    }
    close(queue);
  }

private:
  std::deque<std::function<void()>> handlers_;
};

static volatile int loads = 0;
static void load() {
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop once"
  loads = loads + 1;
}
// verdict: blocking-call-in-coroutine inconclusive "reached 2 times by what ended with the call"
static void flush() { usleep(100'000); }
static void prepare() { usleep(100'000); }
static void finish() { usleep(100'000); }

int main() {
  reactor loop;
  prepare();
  loop.post([] {});
  loop.post(load);
  loop.post(flush);
  // verdict: blocking-call-in-coroutine inconclusive "reached 2 times by what ended with the call"
  loop.post([] { usleep(1); });
  loop.post([] {
    usleep(1); // verdict: blocking-call-in-coroutine contradicted "reached once: never slow"
    loads = loads + 1;
  });
  loop.run();
  finish();
}
