// Each thread has its own number, and writes the element of that number: no race.
#include <thread>
#include <vector>

static int slots[4];

static void work(int me) {
  for (int i = 0; i < 10; ++i)
    slots[me] += i;
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i);
  for (auto &thread : threads)
    thread.join();
  return slots[0] == slots[3] ? 0 : 1;
}
