// The counter is guarded in one file, and not in the other.
#include "counter.h"

int main() {
  std::thread a(count_safely);
  std::thread b(count_fast);
  a.join();
  b.join();
  return counter.value > 2;
}
