// Both orders by one thread: it cannot wait for itself, and nobody else takes them.
// verdict: none
#include <mutex>

static std::mutex accounts, journal;

static void post_entry() {
  std::lock_guard first(accounts);
  std::lock_guard second(journal);
}
static void replay() {
  std::lock_guard first(journal);
  std::lock_guard second(accounts);
}

int main() {
  post_entry();
  replay();
}
