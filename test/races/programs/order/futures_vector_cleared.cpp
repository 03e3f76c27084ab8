// Destroying the futures of std::async waits for the tasks: clear() is as good as get(). No race.
#include <future>
#include <vector>

static int slots[3];

int main() {
  std::vector<std::future<void>> pending;
  for (int i = 0; i < 3; ++i)
    pending.push_back(std::async(std::launch::async, [i] { slots[i] = i + 1; }));
  pending.clear();
  return slots[0] + slots[1] + slots[2] == 6 ? 0 : 1;
}
