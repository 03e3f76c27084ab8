// `if (joinable()) join()` leaves nothing to join on either path: no race.
#include <thread>

static int jobs;

int main(int argc, char **) {
  std::thread worker;
  if (argc < 100)
    worker = std::thread([] { jobs += 2; });
  if (worker.joinable())
    worker.join();
  jobs++;
  return jobs == 3 ? 0 : 1;
}
