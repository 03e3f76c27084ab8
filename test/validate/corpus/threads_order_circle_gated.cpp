// The circle of threads_order_circle, but two of the three take a third lock first: these two never run at once.
// verdict: none
#include <mutex>
#include <thread>

static std::mutex gate, accounts, journal, index_lock;

static void post_entry() {
  std::lock_guard outer(gate);
  std::lock_guard first(accounts);
  std::lock_guard second(journal);
}
static void search() {
  std::lock_guard outer(gate);
  std::lock_guard first(journal);
  std::lock_guard second(index_lock);
}
static void replay() {
  std::lock_guard first(index_lock);
  std::lock_guard second(accounts);
}

int main() {
  std::thread(post_entry).join();
  std::thread(search).join();
  std::thread(replay).join();
}
