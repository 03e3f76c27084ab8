// Both orders, but a third lock is held each time: the two threads can never wait for each other.
// verdict: none
#include <mutex>
#include <thread>

static std::mutex gate, accounts, journal;

static void post_entry() {
  std::lock_guard outer(gate);
  std::lock_guard first(accounts);
  std::lock_guard second(journal);
}
static void replay() {
  std::lock_guard outer(gate);
  std::lock_guard first(journal);
  std::lock_guard second(accounts);
}

int main() {
  std::thread(post_entry).join();
  std::thread(replay).join();
}
