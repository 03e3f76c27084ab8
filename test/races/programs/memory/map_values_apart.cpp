// Values of different keys, reached by at(): the map itself is only read. No race.
#include <map>
#include <thread>

int main() {
  std::map<int, int> ages = {{1, 10}, {2, 20}};
  std::thread thread([&ages] { ages.at(1)++; });
  ages.at(2)++;
  thread.join();
  return ages.at(1) + ages.at(2) == 32 ? 0 : 1;
}
