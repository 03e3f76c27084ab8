// As rt_lock_taken_by_call, with one more function between: the finding names all of them down to the one that locks.
// evidence: runtime
#include "rt.h"

class store {
public:
  void begin() { enter(); }
  void end() { mutex_.unlock(); }

private:
  void enter() { mutex_.lock(); }
  tenterhook::mutex mutex_;
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
