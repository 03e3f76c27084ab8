// nowait takes the barrier away: the sum may begin while other threads still fill.
// flags: -fopenmp
// tsan: unrun
// tsan-why: the OpenMP runtime is not instrumented
static int run(void) {
  int slot[8] = {0}, sum = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp for nowait
    for (int i = 0; i < 8; i++)
      slot[i] = i; // RACE(slot)
#pragma omp single
    for (int i = 0; i < 8; i++)
      sum += slot[i]; // RACE(slot)
  }
  return sum;
}

int main(void) { return run() > 28; }
