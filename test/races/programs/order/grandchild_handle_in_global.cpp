// The child leaves the grandchild's handle in a global; main joins the child, then the grandchild: no race.
#include <thread>

static std::thread below;
static int leaves;

int main() {
  std::thread child([] { below = std::thread([] { leaves += 1; }); });
  child.join();
  below.join();
  leaves += 100;
  return leaves == 101 ? 0 : 1;
}
