// The object is published through an atomic pointer before it is filled.
#include <atomic>
#include <thread>

struct Config {
  int width = 0, height = 0;
};

static std::atomic<Config *> current{nullptr};

int main() {
  int seen_height = 0;
  std::thread reader([&seen_height] {
    Config *seen = nullptr;
    while ((seen = current.load(std::memory_order_acquire)) == nullptr)
      std::this_thread::yield();
    seen_height = seen->height; // RACE(height)
  });
  Config *fresh = new Config;
  fresh->width = 3;
  current.store(fresh);
  fresh->height = 4; // RACE(height)
  reader.join();
  delete fresh;
  return seen_height > 4;
}
