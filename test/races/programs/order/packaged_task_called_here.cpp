// The packaged_task is called by main itself and the thread does something else: no race.
#include <future>
#include <thread>

static int total, beats;

int main() {
  std::packaged_task<void()> task([] { total += 1; });
  std::thread other([] { beats += 1; });
  task();
  total++;
  other.join();
  return total + beats == 3 ? 0 : 1;
}
