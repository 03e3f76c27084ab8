// [this] shares the object.
#include <thread>

class Task {
public:
  std::thread start() {
    return std::thread([this] {
      steps_ += 5; // RACE(steps)
    });
  }
  void step() {
    ++steps_; // RACE(steps)
  }

private:
  int steps_ = 0;
};

int main() {
  Task task;
  std::thread thread = task.start();
  task.step();
  thread.join();
  return 0;
}
