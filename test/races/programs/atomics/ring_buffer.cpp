// One producer, one consumer: the positions are stored with release and loaded with acquire. No race on the slots.
#include <atomic>
#include <thread>

static int slots[4];
static std::atomic<unsigned> head{0}, tail{0};

static bool push(int value) {
  unsigned at = tail.load(std::memory_order_relaxed);
  if (at - head.load(std::memory_order_acquire) == 4)
    return false;
  slots[at % 4] = value;
  tail.store(at + 1, std::memory_order_release);
  return true;
}

static bool pop(int &value) {
  unsigned at = head.load(std::memory_order_relaxed);
  if (tail.load(std::memory_order_acquire) == at)
    return false;
  value = slots[at % 4];
  head.store(at + 1, std::memory_order_release);
  return true;
}

int main() {
  int sum = 0;
  std::thread consumer([&sum] {
    for (int taken = 0, value = 0; taken < 10;)
      if (pop(value)) {
        sum += value;
        ++taken;
      } else
        std::this_thread::yield();
  });
  for (int i = 0; i < 10;)
    if (push(i))
      ++i;
    else
      std::this_thread::yield();
  consumer.join();
  return sum == 45 ? 0 : 1;
}
