// The guard is a member of the task's object and was locked by another function: a known limit of lock-across-await.
// evidence: runtime
#include "rt.h"

class store {
public:
  void begin() { lock_.lock(); }
  task<> commit() {
    co_await sleep_for(2ms); // unpredicted: held-lock
    lock_.unlock();
  }

private:
  tenterhook::mutex mutex_;
  std::unique_lock<tenterhook::mutex> lock_{mutex_, std::defer_lock};
};

static task<> session(store &store) {
  store.begin();
  // The await of the task suspends with the lock as well.
  co_await store.commit(); // unpredicted: held-lock
}

int main() {
  store store;
  tenterhook::event_loop loop;
  loop.run_until_complete(session(store));
}
