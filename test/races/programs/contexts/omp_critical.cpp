// The update stands in a critical section, the loop's own variables are private: no race.
// flags: -fopenmp
// tsan: unrun
// tsan-why: the OpenMP runtime is not instrumented
#include <vector>

static int largest(const std::vector<int> &values) {
  int best = 0;
#pragma omp parallel for
  for (int i = 0; i < static_cast<int>(values.size()); ++i) {
    int mine = values[i] * 2;
#pragma omp critical
    {
      if (mine > best)
        best = mine;
    }
  }
  return best;
}

int main() { return largest({1, 5, 3}) == 10 ? 0 : 1; }
