// The child writes between the start and the join of the grandchild.
#include <thread>

static int leaves;

static void child() {
  std::thread grandchild([] {
    leaves += 1; // RACE(leaves)
  });
  leaves += 10; // RACE(leaves)
  grandchild.join();
}

int main() {
  std::thread thread(child);
  thread.join();
  leaves += 100;
  return leaves < 100;
}
