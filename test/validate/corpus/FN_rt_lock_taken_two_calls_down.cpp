// As rt_lock_taken_by_call, with one more function between: the finding knows who was called, the runtime's trace only the
// line that locks, which is in neither. Right would be confirmed, and nothing else: the runtime would have to record who
// called lock(), or a short stack. With the recorder, which takes stacks, it is confirmed.
// evidence: runtime
#include "rt.h"

class store {
public:
  void begin() { enter(); }
  void end() { mutex_.unlock(); }

private:
  void enter() { mutex_.lock(); } // unpredicted: held-lock
  tenterhook::mutex mutex_;
};

static task<> session(store &store) {
  store.begin();
  // verdict: lock-across-await inconclusive "was taken at FN_rt_lock_taken_two_calls_down.cpp:13"
  co_await sleep_for(2ms); // unpredicted: held-lock
  store.end();
}

int main() {
  store store;
  tenterhook::event_loop loop;
  loop.run_until_complete(session(store));
}
