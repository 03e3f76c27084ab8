// A worker in a file of its own with an opaque struct: the getter does not lock, the worker's loop does.
#include "worker.h"

int main(void) {
  struct worker *worker = worker_start();
  int seen = worker_steps(worker);
  worker_stop(worker);
  return seen > 50;
}
