// The functor is copied into the thread, its field is the copy's own; no race.
#include <thread>

struct Work {
  int done = 0;
  void operator()() { done++; }
};

int main() {
  Work work;
  std::thread thread(work);
  work();
  thread.join();
  return work.done == 1 ? 0 : 1;
}
