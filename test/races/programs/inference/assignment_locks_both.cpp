// The assignment holds both objects' mutexes: no race.
#include <mutex>

class Totals {
public:
  Totals &operator=(const Totals &other) {
    if (this != &other) {
      std::scoped_lock lock(mutex_, other.mutex_);
      sum_ = other.sum_;
    }
    return *this;
  }
  void add(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ += n;
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return sum_;
  }

private:
  mutable std::mutex mutex_;
  int sum_ = 0;
};

int use(Totals &one, Totals &two);
int use(Totals &one, Totals &two) {
  one.add(2);
  two = one;
  return two.sum();
}
