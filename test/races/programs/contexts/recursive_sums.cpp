// The same splitting, but each call returns its own sum, read after the join: no race.
#include <thread>

static int split(int depth) {
  if (depth == 0)
    return 1;
  int left = 0;
  std::thread half([&left, depth] { left = split(depth - 1); });
  int right = split(depth - 1);
  half.join();
  return left + right;
}

int main() { return split(3) == 8 ? 0 : 1; }
