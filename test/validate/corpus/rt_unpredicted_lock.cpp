// The guard is a member of the task's own object and was locked by another function: a known limit of
// lock-across-await.
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

int main() {
  store store;
  store.begin();
  tenterhook::event_loop loop;
  loop.run_until_complete(store.commit());
}
