// Handlers of a loop that no model knows: what blocks in them is predicted by no finding. It is listed below the loop
// only: before the loop runs and after it, on the same thread, nobody waits for it.
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
  usleep(100'000); // unpredicted: blocking-call
  loads = loads + 1;
}
static void flush() { usleep(100'000); } // ends with the call: the stack does not show it
static void prepare() { usleep(100'000); }
static void finish() { usleep(100'000); }

int main() {
  reactor loop;
  prepare();
  loop.post([] {});
  loop.post(load);
  loop.post(flush);
  loop.post([] { usleep(1); }); // fast
  loop.run();
  finish();
}
