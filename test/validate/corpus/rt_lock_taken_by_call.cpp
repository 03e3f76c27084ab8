// A function that the task calls takes the lock and leaves it locked. A trace of the runtime names the line that locks
// and not who called it; the finding names the function, and the line is in it.
// evidence: runtime
#include "rt.h"

class store {
public:
  void begin() { lock_.lock(); }
  void end() { lock_.unlock(); }

private:
  tenterhook::mutex mutex_;
  std::unique_lock<tenterhook::mutex> lock_{mutex_, std::defer_lock};
};

static task<> session(store &store) {
  store.begin();
  co_await sleep_for(2ms); // verdict: lock-across-await confirmed "suspended once with the lock held"
  store.end();
}

int main() {
  store store;
  tenterhook::event_loop loop;
  loop.run_until_complete(session(store));
}
