// A generator runs on whoever pulls it: blocking in it is its caller's affair.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <fstream>
#include <thread>

generator<int> numbers() {
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    co_yield i;
  }
}
generator<std::string> lines(const char *path) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    co_yield line;
}

void synchronous() {
  for (int n : numbers())
    use(n);
  for (std::string l : lines("file"))
    use(l);
}

// A generator that also awaits is driven by a loop.
async_generator<int> polled() {
  for (;;) {
    std::this_thread::sleep_for(std::chrono::seconds(1)); // finding: blocking-call-in-coroutine
    co_await tick();
    co_yield 1;
  }
}

// A coroutine that pulls a blocking generator blocks; the increment of a library's iterator hides it.
task<> FN_pulls_a_generator() {
  for (int n : numbers())
    use(n);
  co_await tick();
}
