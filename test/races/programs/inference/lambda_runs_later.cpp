// The lambda is made under the lock, but it is handed out, and runs when the lock is gone.
#include <functional>
#include <mutex>

class Scores {
public:
  void add(int score) {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ += score; // RACE(sum)
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mutex_);
    sum_ = 0; // RACE(sum)
  }
  int sum() {
    std::lock_guard<std::mutex> lock(mutex_);
    return sum_;
  }
  std::function<int()> reader() {
    std::lock_guard<std::mutex> lock(mutex_);
    return [this] {
      return sum_; // RACE(sum)
    };
  }

private:
  std::mutex mutex_;
  int sum_ = 0;
};

int use(Scores &scores);
int use(Scores &scores) {
  auto read = scores.reader();
  scores.add(3);
  return read();
}
