// The temporary is declared outside, but the clause makes it private: no race.
// flags: -fopenmp
// tsan: unrun
// tsan-why: the OpenMP runtime is not instrumented
static void scale(int *values, int n) {
  int mine;
#pragma omp parallel for private(mine)
  for (int i = 0; i < n; i++) {
    mine = values[i] * 2;
    values[i] = mine;
  }
}

int main(void) {
  int values[64] = {1, 2, 3};
  scale(values, 64);
  return values[0] - 2;
}
