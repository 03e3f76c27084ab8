// The temporary is declared outside the loop, so it is shared.
// flags: -fopenmp
// tsan: unrun
// tsan-why: the OpenMP runtime is not instrumented
static void scale(int *values, int n) {
  int mine;
#pragma omp parallel for
  for (int i = 0; i < n; i++) {
    mine = values[i] * 2; // RACE(mine)
    values[i] = mine;     // RACE(mine)
  }
}

int main(void) {
  int values[64] = {1, 2, 3};
  scale(values, 64);
  return values[63];
}
