// A function that the configuration's models call heavy computing does not count without the option.
// RUN: %verify %s --config %S/Inputs/cpu.yaml
#include "../Inputs/task.h"

namespace app {
void compress();
}
task<> computes() {
  app::compress();
  co_await tick();
}
