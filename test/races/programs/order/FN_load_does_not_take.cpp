// load() leaves the object in the slot: both threads get it.
#include <atomic>
#include <thread>

struct Job {
  int runs = 0;
};

static std::atomic<Job *> slot{nullptr};

static void take() {
  if (Job *job = slot.load())
    job->runs++; // RACE(runs)
}

int main() {
  Job job;
  slot.store(&job);
  std::thread a(take), b(take);
  a.join();
  b.join();
  return job.runs > 2;
}
