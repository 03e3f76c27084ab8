// Libraries that are loaded after the start: one is unloaded again, and the next would come to lie at its addresses, being
// as large; calls in each are told at its own lines, and coroutines in them are seen. Both are this file.
#include "coroutines.h"

#include <dlfcn.h>
#include <string>
#include <unistd.h>

#if defined(PART)

static volatile int calls;

#if PART == 1
extern "C" void work(Loop &) {
  usleep(25000); // block usleep outside 2
  calls = calls + 1;
}
#elif PART == 2
extern "C" void work(Loop &) {
  calls = calls + 1;
  usleep(25000); // block usleep outside 2
  calls = calls + 1;
}
#elif PART == 3
static Task co_work(Loop &loop) {
  co_await loop.turn();
  usleep(25000); // block usleep inside 2
  co_await loop.turn();
}
extern "C" void work(Loop &loop) {
  co_work(loop);
  loop.run();
}
#endif

#else

int main(int, char **arguments) {
  Loop loop;
  for (const char *part : {"1", "2", "3", "1", "2", "3"}) {
    void *library = dlopen((arguments[0] + (".part" + std::string(part)) + ".so").c_str(), RTLD_NOW);
    if (!library) return 1;
    reinterpret_cast<void (*)(Loop &)>(dlsym(library, "work"))(loop);
    if (dlclose(library) != 0) return 2;
  }
}

#endif
