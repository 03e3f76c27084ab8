// The getter returns a reference under the lock: it escapes, but nothing is read or written here without it. No race here.
#include <mutex>
#include <vector>

class Store {
public:
  void add(int item) {
    std::lock_guard<std::mutex> lock(mutex_);
    items_.push_back(item);
  }
  const std::vector<int> &items() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return items_;
  }
  std::size_t count() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return items_.size();
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> items_;
};

std::size_t use(Store &store);
std::size_t use(Store &store) {
  store.add(1);
  return store.count();
}
