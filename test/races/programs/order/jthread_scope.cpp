// A jthread joins at the end of its scope, and the read follows the scope: no race.
#include <thread>

int main() {
  int count = 0;
  {
    std::jthread adds([&count] {
      for (int i = 0; i < 100; ++i)
        ++count;
    });
  }
  return count == 100 ? 0 : 1;
}
