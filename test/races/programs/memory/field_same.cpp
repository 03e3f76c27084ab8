// One of the two fields is written by both threads.
#include <thread>

struct Pair {
  int left = 0, right = 0;
};

int main() {
  Pair pair;
  std::thread a([&pair] {
    pair.left = 1; // RACE(left)
  });
  std::thread b([&pair] {
    pair.left = 3; // RACE(left)
    pair.right = 2;
  });
  a.join();
  b.join();
  return pair.left + pair.right > 5;
}
