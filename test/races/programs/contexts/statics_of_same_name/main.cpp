// Each file has a static of the same name: they are two variables, each with one thread. No race.
#include <thread>

static int counter;
void work();

int main() {
  std::thread thread(work);
  ++counter;
  thread.join();
  return counter == 1 ? 0 : 1;
}
