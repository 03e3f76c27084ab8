// Both stages count in one progress variable, each outside of its locked part.
#include <mutex>
#include <thread>
#include <vector>

static std::mutex mutex;
static std::vector<int> queue;
static int progress;

static void produce() {
  for (int i = 0; i < 3; ++i) {
    {
      std::lock_guard<std::mutex> lock(mutex);
      queue.push_back(i);
    }
    ++progress; // RACE(progress)
  }
}

static void consume() {
  for (int taken = 0; taken < 3;) {
    {
      std::lock_guard<std::mutex> lock(mutex);
      if (queue.empty())
        continue;
      queue.pop_back();
    }
    ++taken;
    ++progress; // RACE(progress)
  }
}

int main() {
  std::thread first(produce), second(consume);
  first.join();
  second.join();
  return progress > 6;
}
