// Assigning to a jthread joins the thread that it held: the second starts when the first has ended, no race.
#include <thread>

static int phase;

int main() {
  std::jthread worker([] { phase = 1; });
  worker = std::jthread();
  phase++;
  worker = std::jthread([] { phase += 10; });
  worker.join();
  return phase == 12 ? 0 : 1;
}
