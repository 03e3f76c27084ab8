// exchange(true) tells whether it was already set: only one of the threads runs the set-up. No race.
#include <atomic>
#include <thread>

static std::atomic<bool> done{false};
static int setups;

static void set_up() {
  if (done.exchange(true))
    return;
  ++setups;
}

int main() {
  std::thread a(set_up), b(set_up);
  a.join();
  b.join();
  return setups == 1 ? 0 : 1;
}
