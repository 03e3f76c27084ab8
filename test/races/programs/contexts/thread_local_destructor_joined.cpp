// The thread_local's destructor belongs to the thread's life: after the join it has run. No race.
#include <thread>

static int closed;

struct Session {
  bool used = false;
  ~Session() {
    if (used)
      ++closed;
  }
};

static thread_local Session session;

int main() {
  std::thread thread([] { session.used = true; });
  thread.join();
  return closed == 1 ? 0 : 1;
}
