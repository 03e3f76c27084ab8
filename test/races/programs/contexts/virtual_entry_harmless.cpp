// The only object that the thread calls is of the class that writes nothing shared: no race.
#include <thread>

static int level;

struct Task {
  virtual ~Task() = default;
  virtual int run() = 0;
};

struct Raise : Task {
  int run() override { return ++level; }
};

struct Nothing : Task {
  int run() override { return 1; }
};

int main() {
  Raise raise;
  Nothing nothing;
  int result = 0;
  std::thread thread([&] { result = nothing.run(); });
  raise.run();
  thread.join();
  return level == result ? 0 : 1;
}
