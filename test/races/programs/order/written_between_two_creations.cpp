// main writes after the first thread's creation but before that of the only one which reads it: no race.
#include <thread>

static int mode, beats;

int main() {
  std::thread heart([] { beats++; });
  mode = 3;
  int seen = 0;
  std::thread worker([&seen] { seen = mode; });
  worker.join();
  heart.join();
  return seen == 3 ? 0 : 1;
}
