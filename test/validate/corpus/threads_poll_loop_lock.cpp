// A loop of callbacks without coroutines keeps a lock while it waits for events. No check looks at callbacks for that,
// and the lock was not taken in a coroutine, so it is not told either: a thread that locks and polls may be meant.
// verdict: none
#include <mutex>
#include <poll.h>

static std::mutex state_mutex;

int main() {
  for (int i = 0; i < 3; ++i) {
    std::lock_guard guard(state_mutex);
    poll(nullptr, 0, 2);
  }
}
