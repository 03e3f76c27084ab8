// Two files count through one inline function of the header, which locks: no race.
#include "counter.h"

int main() {
  std::thread a(count_here);
  std::thread b(count_there);
  a.join();
  b.join();
  return counter.value == 2 ? 0 : 1;
}

void count_here() { add(counter); }
