// Each object has its mutex, but the counter is static: two objects, two locks, one counter.
#include <mutex>
#include <thread>

class Session {
public:
  void open() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++opened_;
    ++total_; // RACE(total)
  }
  static int total() { return total_; }

private:
  std::mutex mutex_;
  int opened_ = 0;
  static inline int total_ = 0;
};

int main() {
  Session first, second;
  std::thread a([&first] { first.open(); });
  std::thread b([&second] { second.open(); });
  a.join();
  b.join();
  return Session::total() > 2;
}
