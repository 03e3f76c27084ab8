// The global's dynamic initialiser runs before main, so before any thread: no race.
#include <thread>
#include <vector>

static std::vector<int> squares() {
  std::vector<int> made;
  for (int i = 0; i < 5; ++i)
    made.push_back(i * i);
  return made;
}

static std::vector<int> table = squares();

int main() {
  int a = 0;
  std::thread reader([&a] { a = table[2]; });
  int b = table[3];
  reader.join();
  return a + b == 13 ? 0 : 1;
}
