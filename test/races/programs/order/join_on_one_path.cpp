// The join happens only on one of two paths; on the other one the increment meets the thread.
#include <thread>

static int jobs;

int main(int argc, char **) {
  std::thread worker([] {
    jobs += 2; // RACE(jobs)
  });
  if (argc > 1)
    worker.join();
  jobs++; // RACE(jobs)
  if (worker.joinable())
    worker.join();
  return 0;
}
