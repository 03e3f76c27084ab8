// The lock is given up before the notification, and the field looked at once more after that.
#include <condition_variable>
#include <mutex>

class Counter {
public:
  void up() {
    std::unique_lock<std::mutex> lock(mutex_);
    ++count_; // RACE(count)
    lock.unlock();
    if (count_ == 1) // RACE(count)
      changed_.notify_all();
  }
  void down() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return count_ > 0; });
    --count_; // RACE(count)
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

void use(Counter &counter);
void use(Counter &counter) {
  counter.up();
  counter.down();
}
