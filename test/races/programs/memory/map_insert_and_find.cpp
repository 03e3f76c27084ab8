// An insertion may turn the tree that find() walks.
#include <map>
#include <thread>

int main() {
  std::map<int, int> ages = {{1, 10}, {2, 20}};
  std::thread thread([&ages] {
    for (int i = 3; i < 20; ++i)
      ages.emplace(i, i); // RACE(ages)
  });
  bool there = false;
  for (int i = 0; i < 20; ++i)
    there = ages.contains(i) || there; // RACE(ages)
  thread.join();
  return !there;
}
