// The thread's number modulo 2: the first and the third thread have the same element.
#include <thread>
#include <vector>

static int slots[2];

static void work(int me) {
  slots[me % 2] += 1; // RACE(slots)
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back(work, i);
  for (auto &thread : threads)
    thread.join();
  return slots[0] > 2;
}
