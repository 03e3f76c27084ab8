// The configuration is changed in place, while readers hold it by shared_ptr: the lock guards the pointer only.
#include <memory>
#include <mutex>
#include <thread>

struct Config {
  int depth = 1;
};

class Settings {
public:
  std::shared_ptr<Config> get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return current_;
  }
  void reload(int depth) {
    std::lock_guard<std::mutex> lock(mutex_);
    current_->depth = depth; // RACE(depth)
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<Config> current_ = std::make_shared<Config>();
};

int main() {
  Settings settings;
  int depth = 0;
  std::thread reader([&] {
    auto config = settings.get();
    depth = config->depth; // RACE(depth)
  });
  settings.reload(5);
  reader.join();
  return depth > 5;
}
