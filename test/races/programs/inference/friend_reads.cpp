// A friend function reads the field from outside without the mutex.
#include <mutex>

class Totals {
public:
  void add(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ += n; // RACE(sum)
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ = 0; // RACE(sum)
  }
  int sum() {
    std::lock_guard<std::mutex> lock(mutex_);
    return sum_;
  }
  friend bool operator==(const Totals &a, int b);

private:
  std::mutex mutex_;
  int sum_ = 0;
};

bool operator==(const Totals &a, int b) {
  return a.sum_ == b; // RACE(sum)
}
