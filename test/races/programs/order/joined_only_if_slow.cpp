// A debug switch, a plain constant global, decides whether the thread is joined at once; here it is not.
#include <thread>

static bool wait_at_once = false;
static int value;

int main(int argc, char **) {
  if (argc > 5)
    wait_at_once = true;
  std::thread writer([] {
    value = 2; // RACE(value)
  });
  if (wait_at_once)
    writer.join();
  value++; // RACE(value)
  if (!wait_at_once)
    writer.join();
  return 0;
}
