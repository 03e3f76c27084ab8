// One reader looks at the pointer without going through call_once.
#include <mutex>
#include <thread>

static std::once_flag flag;
static int *cache;

static int value() {
  std::call_once(flag, [] {
    cache = new int(6); // RACE(cache)
  });
  return *cache;
}

static bool warm() {
  return cache != nullptr; // RACE(cache)
}

int main() {
  std::thread first([] { value(); });
  bool early = warm();
  first.join();
  delete cache;
  return early && !warm();
}
