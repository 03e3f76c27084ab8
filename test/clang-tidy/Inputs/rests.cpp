// RUN: tool %s -- -std=c++20 -DFOREVER=forever | FileCheck %s
// Not a test: subset.test reads it, with the flags of the line above. Blocks for those who have a model that says so.
#include "task.h"
namespace rest { void FOREVER(); }

task tired() {
  rest::FOREVER();
  co_return;
}

void start(tenterhook::event_loop &loop) { loop.spawn(tired()); }
