// The circle of threads_order_circle, but one thread does two of the three: two threads cannot stand in it.
// verdict: none
#include <mutex>
#include <thread>

static std::mutex accounts, journal, index_lock;

static void post_entry() {
  std::lock_guard first(accounts);
  std::lock_guard second(journal);
}
static void search() {
  std::lock_guard first(journal);
  std::lock_guard second(index_lock);
}
static void replay() {
  std::lock_guard first(index_lock);
  std::lock_guard second(accounts);
}

int main() {
  std::thread([] {
    post_entry();
    search();
  }).join();
  std::thread(replay).join();
}
