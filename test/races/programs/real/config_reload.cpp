// The configuration is replaced as a whole: a new object under the lock, readers keep the old one by their shared_ptr. No race.
#include <memory>
#include <mutex>
#include <string>
#include <thread>

struct Config {
  std::string name = "default";
  int depth = 1;
};

class Settings {
public:
  std::shared_ptr<const Config> get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return current_;
  }
  void reload(int depth) {
    auto fresh = std::make_shared<Config>();
    fresh->name = "loaded";
    fresh->depth = depth;
    std::lock_guard<std::mutex> lock(mutex_);
    current_ = std::move(fresh);
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Config> current_ = std::make_shared<Config>();
};

int main() {
  Settings settings;
  int depth = 0;
  std::thread reader([&] { depth = settings.get()->depth; });
  settings.reload(5);
  reader.join();
  return depth == 1 || depth == 5 ? 0 : 1;
}
