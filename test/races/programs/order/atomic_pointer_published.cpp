// A fresh object is filled and then published through an atomic pointer; readers take what they see: no race.
#include <atomic>
#include <thread>

struct Config {
  int width = 0, height = 0;
};

static std::atomic<Config *> current{nullptr};

int main() {
  int area = 0;
  std::thread reader([&area] {
    Config *seen = nullptr;
    while ((seen = current.load(std::memory_order_acquire)) == nullptr)
      std::this_thread::yield();
    area = seen->width * seen->height;
  });
  Config *fresh = new Config;
  fresh->width = 3;
  fresh->height = 4;
  current.store(fresh, std::memory_order_release);
  reader.join();
  delete fresh;
  return area == 12 ? 0 : 1;
}
