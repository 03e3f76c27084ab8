// Two creation places for the same function, on two exclusive branches: only one thread exists. No race.
#include <thread>

static int count;

static void work(int n) { count += n; }

int main(int argc, char **) {
  std::thread thread;
  if (argc > 3)
    thread = std::thread(work, argc);
  else
    thread = std::thread(work, 1);
  thread.join();
  return count == 1 ? 0 : 1;
}
