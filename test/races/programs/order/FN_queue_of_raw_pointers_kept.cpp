// The producer goes on using the job that it has pushed; the consumer has it already.
#include <deque>
#include <mutex>
#include <thread>

struct Job {
  int steps = 0;
};

static std::mutex mutex;
static std::deque<Job *> queue;

int main() {
  std::thread consumer([] {
    for (bool taken = false; !taken;) {
      Job *job = nullptr;
      {
        std::lock_guard<std::mutex> lock(mutex);
        if (!queue.empty()) {
          job = queue.front();
          queue.pop_front();
        }
      }
      if (job) {
        job->steps++; // RACE(steps)
        taken = true;
      }
    }
  });
  Job job;
  {
    std::lock_guard<std::mutex> lock(mutex);
    queue.push_back(&job);
  }
  job.steps = 5; // RACE(steps)
  consumer.join();
  return job.steps > 6;
}
