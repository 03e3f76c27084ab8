// The std::function is assigned while the other thread calls it.
#include <functional>
#include <thread>

static std::function<int()> hook = [] { return 1; };

int main() {
  int seen = 0;
  std::thread thread([&seen] {
    seen = hook(); // RACE(hook)
  });
  hook = [] { return 2; }; // RACE(hook)
  thread.join();
  return seen > 2;
}
