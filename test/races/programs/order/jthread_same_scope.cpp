// A jthread joins at the end of its scope only: the read in the same scope races.
#include <thread>

int main() {
  int count = 0, seen = 0;
  {
    std::jthread adds([&count] {
      for (int i = 0; i < 100; ++i)
        ++count; // RACE(count)
    });
    seen = count; // RACE(count)
  }
  return seen > 100;
}
