// The threads write different fields of one object: two memory locations, no race.
#include <thread>

struct Pair {
  int left = 0, right = 0;
};

int main() {
  Pair pair;
  std::thread a([&pair] { pair.left = 1; });
  std::thread b([&pair] { pair.right = 2; });
  a.join();
  b.join();
  return pair.left + pair.right == 3 ? 0 : 1;
}
