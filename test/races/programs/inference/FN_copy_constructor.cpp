// The copy constructor reads the other object, which others may be changing, without the other's mutex.
#include <mutex>

class Totals {
public:
  Totals() = default;
  Totals(const Totals &other) : sum_(other.sum_) { // RACE(sum)
  }
  void add(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ += n; // RACE(sum)
  }
  void subtract(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ -= n; // RACE(sum)
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return sum_;
  }

private:
  mutable std::mutex mutex_;
  int sum_ = 0;
};

int use(Totals &totals);
int use(Totals &totals) {
  totals.add(2);
  Totals copy(totals);
  copy.subtract(1);
  return copy.sum();
}
