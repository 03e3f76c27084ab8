// The update is atomic, but another thread of the region reads plainly.
// flags: -fopenmp
// tsan: unrun
// tsan-why: the OpenMP runtime is not instrumented
static int run(void) {
  int hits = 0, seen = 0;
#pragma omp parallel
  {
#pragma omp atomic
    hits += 1; // RACE(hits)
#pragma omp single
    seen = hits; // RACE(hits)
  }
  return seen;
}

int main(void) { return run() < 0; }
