// What is called has another name in the program: getline() is __getdelim, posix_fallocate() is posix_fallocate64.
// builds: clang-O2 gcc-O2
// flags: -D_FILE_OFFSET_BITS=64 -D_FORTIFY_SOURCE=2
#include "own.h"
#include <cstdio>
#include <fcntl.h>

static FILE *input;
static int file;

static own::task reader(own::loop &loop) {
  char *line = nullptr;
  std::size_t size = 0;
  co_await loop.sleep(2ms);
  if (getline(&line, &size, input) != 5) // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
    std::abort();
  std::free(line);
  co_await loop.sleep(2ms);
  posix_fallocate(file, 0, 10); // verdict: blocking-call-in-coroutine contradicted "never slow"
}

int main() {
  int ends[2];
  char name[] = "/tmp/tenterhook-corpus.XXXXXX";
  file = mkstemp(name);
  if (file < 0 || unlink(name) != 0 || pipe(ends) != 0)
    return 1;
  input = fdopen(ends[0], "r");
  std::thread writer([&] {
    usleep(100'000);
    [[maybe_unused]] auto written = write(ends[1], "line\n", 5);
  });
  own::loop loop;
  loop.run(reader(loop));
  writer.join();
}
