// Each call starts a thread for one half and does the other half itself; all of them count in one global.
#include <thread>

static int leaves;

static void split(int depth) {
  if (depth == 0) {
    ++leaves; // RACE(leaves)
    return;
  }
  std::thread half(split, depth - 1);
  split(depth - 1);
  half.join();
}

int main() {
  split(3);
  return leaves > 8;
}
