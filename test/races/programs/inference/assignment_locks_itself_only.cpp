// The assignment holds its own mutex, but reads the other object's field without that object's.
#include <mutex>

class Totals {
public:
  Totals &operator=(const Totals &other) {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ = other.sum_; // RACE(sum)
    return *this;
  }
  void add(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ += n; // RACE(sum)
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ = 0; // RACE(sum)
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
  two.clear();
  return two.sum();
}
