// The semaphore begins at 2: two at a time are let in.
#include <chrono>
#include <semaphore>
#include <thread>

static std::counting_semaphore<2> door(2);
static int count;

static void add() {
  door.acquire();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ++count; // RACE(count)
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  door.release();
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 2;
}
