// The body of an object's destructor runs before its members' destructors: the reset precedes the member's join.
#include <thread>

struct Joiner {
  std::thread thread;
  ~Joiner() {
    if (thread.joinable())
      thread.join();
  }
};

struct Session {
  int open = 1;
  Joiner joiner;
  void run() {
    joiner.thread = std::thread([this] {
      open++; // RACE(open)
    });
  }
  ~Session() {
    open = 0; // RACE(open)
  }
};

int main() {
  Session session;
  session.run();
  return 0;
}
