// A local that a library function writes through its address has no known value behind the call.
#include <cstring>
#include <mutex>
#include <thread>

class Options {
public:
  bool set(const void *from, bool number) {
    int value = 0;
    if (number)
      std::memcpy(&value, from, sizeof value);
    if (value >= 1) {
      std::lock_guard lock(mutex_);
      most_ = value;
      return true;
    }
    return false;
  }
  int get() {
    std::lock_guard lock(mutex_);
    return most_;
  }

private:
  std::mutex mutex_;
  int most_ = 1;
};

int main() {
  Options options;
  int three = 3, four = 4;
  std::thread other([&] { options.set(&three, true); });
  options.set(&four, true);
  other.join();
  return options.get() < 0;
}
