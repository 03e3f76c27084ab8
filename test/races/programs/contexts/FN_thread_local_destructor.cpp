// The thread_local's destructor runs when the thread ends, and writes a global that main reads before the join.
#include <thread>

static int closed;

struct Session {
  bool used = false;
  ~Session() {
    if (used)
      ++closed; // RACE(closed)
  }
};

static thread_local Session session;

int main() {
  std::thread thread([] { session.used = true; });
  int seen = closed; // RACE(closed)
  thread.join();
  return seen > 1;
}
