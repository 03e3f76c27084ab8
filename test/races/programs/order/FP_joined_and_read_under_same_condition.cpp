// The read after the join is under the same unchanged condition as the join: no race.
#include <thread>

static int value;

int main(int argc, char **) {
  const bool wait = argc < 5;
  int seen = 2;
  std::thread writer([] { value = 2; });
  if (wait)
    writer.join();
  if (wait)
    seen = value;
  if (!wait)
    writer.join();
  return seen == 2 ? 0 : 1;
}
