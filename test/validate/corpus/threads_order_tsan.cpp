// ThreadSanitizer calls it a potential deadlock.
// builds: clang-tsan
// evidence: thread-sanitizer
#include <mutex>
#include <thread>

static std::mutex accounts, journal;

static void post_entry() {
  std::lock_guard first(accounts);
  std::lock_guard second(journal); // unpredicted: lock-order
}
static void replay() {
  std::lock_guard first(journal);
  std::lock_guard second(accounts);
}

int main() {
  std::thread(post_entry).join();
  std::thread(replay).join();
}
