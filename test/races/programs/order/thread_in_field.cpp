// The handle is a field; stop() joins it, and the result is read after stop(): no race.
#include <thread>

class Worker {
public:
  void start() {
    thread_ = std::thread([this] { sum_ = 10; });
  }
  void stop() { thread_.join(); }
  int sum() const { return sum_; }

private:
  std::thread thread_;
  int sum_ = 0;
};

int main() {
  Worker worker;
  worker.start();
  worker.stop();
  return worker.sum() == 10 ? 0 : 1;
}
