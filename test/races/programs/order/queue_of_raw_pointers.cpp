// The producer fills the job, pushes it under the lock and does not touch it again; the consumer deletes it: no race.
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

struct Job {
  int input = 0, output = 0;
};

static std::mutex mutex;
static std::condition_variable pushed;
static std::queue<Job *> queue;

int main() {
  std::thread consumer([] {
    std::unique_lock<std::mutex> lock(mutex);
    pushed.wait(lock, [] { return !queue.empty(); });
    Job *job = queue.front();
    queue.pop();
    lock.unlock();
    job->output = job->input * 2;
    delete job;
  });
  Job *job = new Job;
  job->input = 4;
  {
    std::lock_guard<std::mutex> lock(mutex);
    queue.push(job);
  }
  pushed.notify_one();
  consumer.join();
  return 0;
}
