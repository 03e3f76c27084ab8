// Writers hold the shared_mutex alone, readers share it; get() writes while it only shares, and may run twice at once.
#include <map>
#include <mutex>
#include <shared_mutex>

class Cache {
public:
  void put(int key, int value) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    values_[key] = value;
    ++uses_;
  }
  int get(int key) {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    ++uses_; // RACE(uses)
    auto found = values_.find(key);
    return found == values_.end() ? 0 : found->second;
  }
  int uses() {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    return uses_;
  }

private:
  std::shared_mutex mutex_;
  std::map<int, int> values_;
  int uses_ = 0;
};

int use(Cache &cache);
int use(Cache &cache) {
  cache.put(1, 2);
  return cache.get(1) + cache.uses();
}
