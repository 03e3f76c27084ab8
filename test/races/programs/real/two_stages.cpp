// A pipeline: stage one hands each batch to stage two by a locked queue, and counts its own batches itself. No race.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

using Batch = std::vector<int>;

static std::mutex mutex;
static std::condition_variable filled;
static std::deque<Batch> queue;
static int made, summed;

static void produce() {
  for (int i = 0; i < 3; ++i) {
    Batch batch(4, i);
    batch[0] = 9;
    ++made;
    std::lock_guard<std::mutex> lock(mutex);
    queue.push_back(std::move(batch));
    filled.notify_one();
  }
}

static void consume() {
  for (int i = 0; i < 3; ++i) {
    std::unique_lock<std::mutex> lock(mutex);
    filled.wait(lock, [] { return !queue.empty(); });
    Batch batch = std::move(queue.front());
    queue.pop_front();
    lock.unlock();
    batch[1]++;
    for (int value : batch)
      summed += value;
  }
}

int main() {
  std::thread first(produce), second(consume);
  first.join();
  second.join();
  return made == 3 && summed == 39 ? 0 : 1;
}
