// The writer fills the buffer that nobody reads, and flips once: the reader takes the index with acquire. No race.
#include <atomic>
#include <thread>

static int buffers[2] = {1, 0};
static std::atomic<int> active{0};

int main() {
  int seen = 0;
  std::thread reader([&seen] { seen = buffers[active.load(std::memory_order_acquire)]; });
  buffers[1] = 2;
  active.store(1, std::memory_order_release);
  reader.join();
  return seen == 1 || seen == 2 ? 0 : 1;
}
