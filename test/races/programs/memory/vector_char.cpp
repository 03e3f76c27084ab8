// vector<char> does not pack: neighbours are different locations. No race.
#include <thread>
#include <vector>

int main() {
  std::vector<char> flags(8);
  std::thread a([&flags] { flags[0] = 1; });
  std::thread b([&flags] { flags[1] = 1; });
  a.join();
  b.join();
  return flags[0] + flags[1] == 2 ? 0 : 1;
}
