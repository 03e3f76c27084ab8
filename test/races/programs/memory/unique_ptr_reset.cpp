// reset() of the unique_ptr writes the pointer that the thread follows.
#include <memory>
#include <thread>

struct Config {
  int depth = 3;
};

static std::unique_ptr<Config> config = std::make_unique<Config>();
static std::unique_ptr<Config> old;

int main() {
  bool there = false;
  std::thread thread([&there] {
    there = config != nullptr; // RACE(config)
  });
  old = std::move(config); // RACE(config)
  thread.join();
  return there && config;
}
