// Four places hold the mutex, reset() writes without it.
#include <mutex>

class Meter {
public:
  void add(int n);
  void drop(int n);
  int value();
  bool high();
  void reset();

private:
  std::mutex mutex_;
  int value_ = 0;
};

void Meter::add(int n) {
  std::lock_guard<std::mutex> lock(mutex_);
  value_ += n; // RACE(value)
}

void Meter::drop(int n) {
  std::lock_guard<std::mutex> lock(mutex_);
  value_ -= n; // RACE(value)
}

int Meter::value() {
  std::lock_guard<std::mutex> lock(mutex_);
  return value_; // RACE(value)
}

bool Meter::high() {
  std::lock_guard<std::mutex> lock(mutex_);
  return value_ > 100; // RACE(value)
}

void Meter::reset() {
  value_ = 0; // RACE(value)
}
