// A function that the task calls takes the lock and leaves it locked. Right would be confirmed, and no more than that.
// But a trace of the runtime names the line that locks and not who called it, which is all that the finding knows. With
// the recorder, which takes stacks, the same is confirmed (asio_lock_taken_by_call).
// evidence: runtime
#include "rt.h"

class store {
public:
  void begin() { lock_.lock(); } // unpredicted: held-lock
  void end() { lock_.unlock(); }

private:
  tenterhook::mutex mutex_;
  std::unique_lock<tenterhook::mutex> lock_{mutex_, std::defer_lock};
};

static task<> session(store &store) {
  store.begin();
  // verdict: lock-across-await inconclusive "suspended once"
  co_await sleep_for(2ms); // unpredicted: held-lock
  store.end();
}

int main() {
  store store;
  tenterhook::event_loop loop;
  loop.run_until_complete(session(store));
}
