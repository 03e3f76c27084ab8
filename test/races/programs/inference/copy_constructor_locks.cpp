// The copy constructor locks the other object; its own fields are still its own: no race.
#include <mutex>

class Totals {
public:
  Totals() = default;
  Totals(const Totals &other) {
    std::lock_guard<std::mutex> lock(other.mutex_);
    sum_ = other.sum_;
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

int use(Totals &totals);
int use(Totals &totals) {
  totals.add(2);
  Totals copy(totals);
  return copy.sum();
}
