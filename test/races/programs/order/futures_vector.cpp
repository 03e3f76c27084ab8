// All futures of the vector are waited for before the slots are added up: no race.
#include <future>
#include <vector>

int main() {
  std::vector<int> slots(3);
  std::vector<std::future<void>> pending;
  for (int i = 0; i < 3; ++i)
    pending.push_back(std::async(std::launch::async, [&slots, i] { slots[i] = i + 1; }));
  for (auto &future : pending)
    future.get();
  int sum = 0;
  for (int slot : slots)
    sum += slot;
  return sum == 6 ? 0 : 1;
}
