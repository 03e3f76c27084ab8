// The mutex lives on the heap, and both threads have it by a copy of one shared_ptr: no race.
#include <memory>
#include <mutex>
#include <thread>

static int count;

int main() {
  auto mutex = std::make_shared<std::mutex>();
  auto add = [mutex] {
    std::lock_guard<std::mutex> lock(*mutex);
    ++count;
  };
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
