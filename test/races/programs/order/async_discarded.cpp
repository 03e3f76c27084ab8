// The temporary future of async waits in its destructor, so the call is synchronous: no race.
#include <future>

static int value;

int main() {
  (void)std::async(std::launch::async, [] { value = 3; });
  value++;
  return value == 4 ? 0 : 1;
}
