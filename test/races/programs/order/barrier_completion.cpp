// The completion function runs after all have arrived and before any goes on: it may write what they read. No race.
#include <barrier>
#include <thread>

static int part[2], total;

static void add_up() noexcept { total += part[0] + part[1]; }

int main() {
  std::barrier meet(2, add_up);
  int seen[2] = {0, 0};
  auto step = [&](int me) {
    part[me] = me + 1;
    meet.arrive_and_wait();
    seen[me] = total;
  };
  std::thread a(step, 0), b(step, 1);
  a.join();
  b.join();
  return seen[0] == 3 && seen[1] == 3 ? 0 : 1;
}
