// exchange(nullptr) hands the object to one taker only, with acq_rel by default: no race on its field.
#include <atomic>
#include <thread>

struct Job {
  int runs = 0;
};

static std::atomic<Job *> slot{nullptr};

static void take() {
  if (Job *job = slot.exchange(nullptr)) {
    job->runs++;
    delete job;
  }
}

int main() {
  Job *job = new Job;
  job->runs = 1;
  slot.store(job);
  std::thread a(take), b(take);
  a.join();
  b.join();
  return slot.load() == nullptr ? 0 : 1;
}
