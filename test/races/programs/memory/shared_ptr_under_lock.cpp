// The shared_ptr is assigned and copied under the lock; what it points to is immutable and read without: no race.
#include <memory>
#include <mutex>
#include <thread>

static std::mutex mutex;
static std::shared_ptr<const int> current = std::make_shared<const int>(1);

static std::shared_ptr<const int> get() {
  std::lock_guard<std::mutex> lock(mutex);
  return current;
}

static void set(int value) {
  auto fresh = std::make_shared<const int>(value);
  std::lock_guard<std::mutex> lock(mutex);
  current = fresh;
}

int main() {
  int seen = 0;
  std::thread thread([&seen] { seen = *get(); });
  set(2);
  thread.join();
  return seen > 2;
}
