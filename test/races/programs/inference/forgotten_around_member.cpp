// A class guards what it calls on a member of its own class at one method, and forgets the lock at the other.
#include <cstddef>
#include <mutex>
#include <vector>

class Ring {
public:
  explicit Ring(std::size_t size) : values_(size) {}
  void push(int value) {
    values_[tail_ % values_.size()] = value;
    ++tail_;         // RACE(tail)
    total_ += tail_; // RACE(tail)
  }
  bool empty() { return tail_ == 0; } // RACE(tail)

private:
  std::vector<int> values_;
  std::size_t tail_ = 0, total_ = 0;
};

class Log {
public:
  void add(int value) {
    std::lock_guard lock(mutex_);
    ring_.push(value);
  }
  bool empty() { return ring_.empty(); }

private:
  std::mutex mutex_;
  Ring ring_{8};
};

bool use(Log &log) {
  log.add(1);
  return log.empty();
}
