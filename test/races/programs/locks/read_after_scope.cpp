// The guard's scope ends before the return statement reads the value.
#include <mutex>
#include <thread>

class Meter {
public:
  void add() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++value_; // RACE(value)
  }
  int reset() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      value_ = 0; // RACE(value)
    }
    return value_; // RACE(value)
  }

private:
  std::mutex mutex_;
  int value_ = 0;
};

int main() {
  Meter meter;
  auto both = [&meter] {
    for (int i = 0; i < 30; ++i) {
      meter.add();
      meter.reset();
    }
  };
  std::thread a(both), b(both);
  a.join();
  b.join();
  return 0;
}
