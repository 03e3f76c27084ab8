// With a reduction each thread has its own sum: no race.
// flags: -fopenmp
// tsan: unrun
// tsan-why: the OpenMP runtime is not instrumented
static int total(const int *values, int n) {
  int sum = 0;
#pragma omp parallel for reduction(+ : sum)
  for (int i = 0; i < n; i++)
    sum += values[i];
  return sum;
}

int main(void) {
  int values[64] = {1, 2, 3};
  return total(values, 64) == 6 ? 0 : 1;
}
