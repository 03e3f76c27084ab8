// Different elements of one vector, which does not change its size: no race.
#include <thread>
#include <vector>

int main() {
  std::vector<int> values(2);
  std::thread a([&values] { values[0] = 1; });
  std::thread b([&values] { values.at(1) = 2; });
  a.join();
  b.join();
  return values[0] + values[1] == 3 ? 0 : 1;
}
