// The value can only be reached through with(), which holds the wrapper's lock around the callable: no race.
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

int main() {
  std::thread a([] { count.with([](int &n) { n++; }); });
  std::thread b([] { count.with([](int &n) { n++; }); });
  a.join();
  b.join();
  return count.with([](int &n) { return n; }) == 2 ? 0 : 1;
}
