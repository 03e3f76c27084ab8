// The callable hands the address of the value out of with(), and it is used when the lock is gone.
#include <mutex>
#include <thread>
#include <utility>

template <class T> class Synchronized {
public:
  template <class F> auto with(F &&f) {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::forward<F>(f)(value_);
  }

private:
  std::mutex mutex_;
  T value_{};
};

static Synchronized<int> count;

static void add() {
  int *inside = count.with([](int &n) { return &n; });
  ++*inside; // RACE(count)
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return 0;
}
