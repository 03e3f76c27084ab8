// The sum is shared by the threads of the parallel loop.
// flags: -fopenmp
// tsan: unrun
// tsan-why: the OpenMP runtime is not instrumented
static int total(const int *values, int n) {
  int sum = 0;
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    sum += values[i]; // RACE(sum)
  return sum;
}

int main(void) {
  int values[64] = {1, 2, 3};
  return total(values, 64) > 6;
}
