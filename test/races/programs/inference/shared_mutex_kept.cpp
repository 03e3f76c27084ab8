// Writers alone, readers shared, in every method: no race.
#include <map>
#include <mutex>
#include <shared_mutex>

class Cache {
public:
  void put(int key, int value) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    values_[key] = value;
  }
  void drop(int key) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    values_.erase(key);
  }
  int get(int key) const {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    auto found = values_.find(key);
    return found == values_.end() ? 0 : found->second;
  }
  bool empty() const {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    return values_.empty();
  }

private:
  mutable std::shared_mutex mutex_;
  std::map<int, int> values_;
};

int use(Cache &cache);
int use(Cache &cache) {
  cache.put(1, 2);
  cache.drop(3);
  return cache.empty() ? 0 : cache.get(1);
}
