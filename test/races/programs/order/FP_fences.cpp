// Release fence, relaxed store; relaxed load, acquire fence: the fences synchronise, no race.
// tsan: race
// tsan-why: ThreadSanitizer does not model atomic_thread_fence
#include <atomic>
#include <thread>

static int data;
static std::atomic<bool> ready{false};

int main() {
  std::thread producer([] {
    data = 42;
    std::atomic_thread_fence(std::memory_order_release);
    ready.store(true, std::memory_order_relaxed);
  });
  while (!ready.load(std::memory_order_relaxed))
    std::this_thread::yield();
  std::atomic_thread_fence(std::memory_order_acquire);
  int got = data;
  producer.join();
  return got == 42 ? 0 : 1;
}
