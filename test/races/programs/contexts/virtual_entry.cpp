// The thread calls a virtual function through the base; the derived one writes what main reads.
#include <thread>

static int level;

struct Task {
  virtual ~Task() = default;
  virtual void run() = 0;
};

struct Raise : Task {
  void run() override {
    level++; // RACE(level)
  }
};

struct Nothing : Task {
  void run() override {}
};

int main() {
  Raise raise;
  Nothing nothing;
  Task *tasks[] = {&raise, &nothing};
  std::thread thread([&tasks] {
    for (Task *task : tasks)
      task->run();
  });
  int seen = level; // RACE(level)
  thread.join();
  return seen > 1;
}
