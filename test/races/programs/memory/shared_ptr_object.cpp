// One shared_ptr object is assigned by one thread and copied by the other: the pointer itself is no atomic.
#include <memory>
#include <thread>

static std::shared_ptr<const int> current = std::make_shared<const int>(1);

int main() {
  int seen = 0;
  std::thread thread([&seen] {
    std::shared_ptr<const int> mine = current; // RACE(current)
    seen = mine != nullptr;
  });
  current = std::make_shared<const int>(2); // RACE(current)
  thread.join();
  return seen > 1;
}
