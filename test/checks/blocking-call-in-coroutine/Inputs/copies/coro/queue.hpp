// The program's own code, in a namespace that a library has too.
#pragma once
#include <unistd.h>
namespace coro {
struct queue {
  void pop(char *b) { ::usleep(int(*b)); } // finding: blocking-call-in-coroutine
};
} // namespace coro
