// The loop waits on a condition variable and not for events, so nobody can tell that this thread runs one.
#include "own.h"

class queue_loop {
public:
  void run(own::task root) {
    ready_.push_back(root.handle);
    while (!root.handle.done()) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !ready_.empty(); });
      auto next = ready_.front();
      ready_.pop_front();
      lock.unlock();
      next.resume();
    }
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::coroutine_handle<>> ready_;
};

static own::task session() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "not known to run a loop"
  co_return;
}

int main() {
  queue_loop loop;
  loop.run(session());
}
