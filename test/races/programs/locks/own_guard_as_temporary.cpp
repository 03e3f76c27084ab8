// The guard is a temporary without a name: it unlocks at the end of its own statement.
#include <mutex>
#include <thread>

struct Hold {
  explicit Hold(std::mutex &m) : mutex(m) { mutex.lock(); }
  ~Hold() { mutex.unlock(); }
  std::mutex &mutex;
};

static std::mutex mutex;
static int count;

static void add() {
  Hold{mutex};
  ++count; // RACE(count)
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 2;
}
