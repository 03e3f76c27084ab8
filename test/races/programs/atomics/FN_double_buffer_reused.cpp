// The second flip fills the first buffer again, which a reader may still be reading.
#include <atomic>
#include <chrono>
#include <thread>

static int buffers[2] = {1, 0};
static std::atomic<int> active{0};

int main() {
  int seen = 0;
  std::thread reader([&seen] {
    int at = active.load(std::memory_order_acquire);
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    seen = buffers[at]; // RACE(buffer)
  });
  for (int value = 2; value < 6; ++value) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    int spare = 1 - active.load();
    buffers[spare] = value; // RACE(buffer)
    active.store(spare, std::memory_order_release);
  }
  reader.join();
  return seen > 6;
}
