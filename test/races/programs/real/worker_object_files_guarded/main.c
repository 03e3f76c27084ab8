// The same worker, and the getter locks as well: no race, though the struct is filled and freed without the lock.
#include "worker.h"

int main(void) {
  struct worker *worker = worker_start(3);
  int seen = worker_steps(worker);
  worker_stop(worker);
  return seen > 60;
}
