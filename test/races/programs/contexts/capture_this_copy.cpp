// [*this] copies the object into the closure: no race with the object itself.
#include <thread>

class Task {
public:
  std::thread start() {
    return std::thread([*this]() mutable { steps_ += 5; });
  }
  void step() { ++steps_; }
  int steps() const { return steps_; }

private:
  int steps_ = 0;
};

int main() {
  Task task;
  std::thread thread = task.start();
  task.step();
  thread.join();
  return task.steps() == 1 ? 0 : 1;
}
