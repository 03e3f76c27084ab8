// Two workers take two locks of the runtime in opposite orders, one after the other.
// evidence: runtime
#include "rt.h"

static tenterhook::mutex accounts, journal;

static void post_entry() {
  std::lock_guard first(accounts);
  std::lock_guard second(journal);
}
static void replay() {
  std::lock_guard first(journal);
  std::lock_guard second(accounts); // unpredicted: lock-order
}

int main() {
  std::thread(post_entry).join();
  std::thread(replay).join();
}
