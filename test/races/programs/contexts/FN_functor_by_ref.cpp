// std::ref(work) runs the functor itself, and main calls it too.
#include <functional>
#include <thread>

struct Work {
  int done = 0;
  void operator()() {
    done++; // RACE(done)
  }
};

int main() {
  Work work;
  std::thread thread(std::ref(work));
  work();
  thread.join();
  return work.done > 2;
}
