// The job is moved through a locked queue: the producer has it no more, the consumer has it alone. No race.
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

struct Job {
  int steps = 0;
};

static std::mutex mutex;
static std::deque<std::unique_ptr<Job>> queue;

int main() {
  std::thread consumer([] {
    for (int taken = 0; taken < 3;) {
      std::unique_ptr<Job> job;
      {
        std::lock_guard<std::mutex> lock(mutex);
        if (!queue.empty()) {
          job = std::move(queue.front());
          queue.pop_front();
        }
      }
      if (job) {
        job->steps++;
        ++taken;
      }
    }
  });
  for (int i = 0; i < 3; ++i) {
    auto job = std::make_unique<Job>();
    job->steps = i;
    std::lock_guard<std::mutex> lock(mutex);
    queue.push_back(std::move(job));
  }
  consumer.join();
  return 0;
}
