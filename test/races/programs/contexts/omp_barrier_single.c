// All writes of the slots lie before the barrier, the sum after it is made by one thread: no race.
// flags: -fopenmp
// tsan: unrun
// tsan-why: the OpenMP runtime is not instrumented
static int run(void) {
  int slot[8] = {0}, sum = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp for
    for (int i = 0; i < 8; i++)
      slot[i] = i;
#pragma omp single
    for (int i = 0; i < 8; i++)
      sum += slot[i];
  }
  return sum;
}

int main(void) { return run() == 28 ? 0 : 1; }
