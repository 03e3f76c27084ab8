// The consumer asks empty() before it takes the lock under which others push.
#include <mutex>
#include <queue>
#include <thread>

static std::mutex mutex;
static std::queue<int> jobs;

int main() {
  std::thread producer([] {
    std::lock_guard<std::mutex> lock(mutex);
    jobs.push(4); // RACE(jobs)
  });
  int got = 0;
  if (!jobs.empty()) { // RACE(jobs)
    std::lock_guard<std::mutex> lock(mutex);
    got = jobs.front();
  }
  producer.join();
  return got > 4;
}
