// A binary semaphore that begins at 1, acquired and released around the access: no race.
#include <semaphore>
#include <thread>

static std::binary_semaphore door(1);
static int count;

static void add() {
  door.acquire();
  ++count;
  door.release();
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
