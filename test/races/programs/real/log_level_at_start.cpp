// The log level is set by the command line before any thread exists: no race.
#include <cstdio>
#include <cstring>
#include <thread>

enum class Level { quiet, loud };

static Level level = Level::quiet;

static void log(const char *text) {
  if (level == Level::loud)
    std::puts(text);
}

static void parse(int count, char **words) {
  for (int i = 1; i < count; ++i)
    if (std::strcmp(words[i], "-v") == 0)
      level = Level::loud;
}

int main(int argc, char **argv) {
  parse(argc, argv);
  std::thread worker([] { log("working"); });
  log("waiting");
  worker.join();
  return 0;
}
