// Only one thread ever touches the counter, and main does not: no race.
#include <thread>

static int count;

static void work() {
  for (int i = 0; i < 10; ++i)
    ++count;
}

int main() {
  std::thread thread(work);
  thread.join();
  return 0;
}
