// Each thread writes its own element and reads its neighbour's.
#include <thread>
#include <vector>

static int slots[4];

static void work(int me) {
  slots[me] = slots[(me + 1) % 4] + 1; // RACE(slots)
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i);
  for (auto &thread : threads)
    thread.join();
  return slots[0] > 4;
}
