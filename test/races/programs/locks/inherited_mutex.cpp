// The object is lockable itself, by a base class, and is given to the guard as a whole: no race.
#include <mutex>
#include <thread>

class Lockable {
public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

struct Counter : Lockable {
  int value = 0;
};

int main() {
  Counter counter;
  auto add = [&counter] {
    std::lock_guard<Counter> lock(counter);
    ++counter.value;
  };
  std::thread a(add), b(add);
  a.join();
  b.join();
  return counter.value == 2 ? 0 : 1;
}
