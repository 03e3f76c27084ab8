// The handle is a field that stop() joins, but the result is read before stop().
#include <thread>

class Worker {
public:
  void start() {
    thread_ = std::thread([this] {
      sum_ = 10; // RACE(sum)
    });
  }
  void stop() { thread_.join(); }
  int sum() const {
    return sum_; // RACE(sum)
  }

private:
  std::thread thread_;
  int sum_ = 0;
};

int main() {
  Worker worker;
  worker.start();
  int early = worker.sum();
  worker.stop();
  return early < 0;
}
