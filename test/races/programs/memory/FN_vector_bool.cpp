// vector<bool> packs its elements: different elements may share a memory location.
#include <thread>
#include <vector>

int main() {
  std::vector<bool> flags(8);
  std::thread a([&flags] {
    flags[0] = true; // RACE(flags)
  });
  std::thread b([&flags] {
    flags[5] = true; // RACE(flags)
  });
  a.join();
  b.join();
  return flags.size() > 8;
}
