// A global log level, read by every thread, changed by main on demand: benign looking, but a race.
#include <cstdio>
#include <thread>

enum class Level { quiet, loud };

static Level level = Level::quiet;

static void log(const char *text) {
  if (level == Level::loud) // RACE(level)
    std::puts(text);
}

int main() {
  std::thread worker([] { log("working"); });
  level = Level::loud; // RACE(level)
  worker.join();
  return 0;
}
