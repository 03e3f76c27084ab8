// The writer holds the mutex and writes plainly, the reader loads through atomic_ref without the mutex: neither helps.
#include <atomic>
#include <mutex>
#include <thread>

static std::mutex mutex;
static int state;

int main() {
  std::thread writer([] {
    std::lock_guard<std::mutex> lock(mutex);
    state = 3; // RACE(state)
  });
  int seen = std::atomic_ref<int>(state).load(); // RACE(state)
  writer.join();
  return seen > 3;
}
