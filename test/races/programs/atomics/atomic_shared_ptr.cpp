// std::atomic<shared_ptr> may be stored and loaded at once; what it points to is immutable. No race.
// tsan: unrun
// tsan-why: this library's atomic<shared_ptr> unlocks its pointer bit relaxed after a load, which the sanitizer reports
#include <atomic>
#include <memory>
#include <thread>

static std::atomic<std::shared_ptr<const int>> current{std::make_shared<const int>(1)};

int main() {
  int seen = 0;
  std::thread reader([&seen] { seen = *current.load(); });
  current.store(std::make_shared<const int>(2));
  reader.join();
  return seen == 1 || seen == 2 ? 0 : 1;
}
