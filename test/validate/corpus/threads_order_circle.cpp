// Three threads each take two of three locks; no two locks were ever taken in opposite orders, but the three orders
// make a circle. One after the other: no deadlock in this run.
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
  std::lock_guard second(accounts); // unpredicted: lock-order
}

int main() {
  std::thread(post_entry).join();
  std::thread(search).join();
  std::thread(replay).join();
}
