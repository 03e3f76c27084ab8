// The predicate of wait() is called with the lock held, though no lock is seen inside of it: no race.
#include <condition_variable>
#include <mutex>

class Counter {
public:
  void up() {
    bool first;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      first = ++count_ == 1;
    }
    if (first)
      changed_.notify_all();
  }
  void down() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return count_ > 0; });
    --count_;
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
