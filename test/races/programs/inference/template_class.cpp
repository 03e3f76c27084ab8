// A class template with a mutex: one method of it does not lock.
#include <mutex>
#include <utility>

template <class T> class Box {
public:
  void set(T value) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ = std::move(value); // RACE(value)
  }
  T get() {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }
  void swap_in(T &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::swap(value_, value); // RACE(value)
  }
  bool is(const T &value) const {
    return value_ == value; // RACE(value)
  }

private:
  std::mutex mutex_;
  T value_{};
};

bool use(Box<int> &box);
bool use(Box<int> &box) {
  int other = 4;
  box.set(3);
  box.swap_in(other);
  return box.is(4) && box.get() == 4;
}
