// A shell that the program starts is recorded as well, and its trace given: a program without symbols that asks for a
// file. It is no part of the report, so what nobody knows of it does not weaken what is known of the program.
#include "own.h"
#include <sys/stat.h>

static own::task session(own::loop &loop, bool all) {
  co_await loop.sleep(1ms);
  struct stat file;
  if (all)
    stat("/", &file); // verdict: blocking-call-in-coroutine not exercised "reached 0 times"
}

int main() {
  if (std::system("test -e /") == -1)
    return 1;
  own::loop loop;
  loop.run(session(loop, own::opaque(false)));
}
