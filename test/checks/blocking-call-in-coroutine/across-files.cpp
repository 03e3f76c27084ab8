// Helpers in other files of the program; the coroutine's file sees declarations alone.
// RUN: %verify %s %S/Inputs/helpers.cpp %S/Inputs/more-helpers.cpp %S/Inputs/helpers.h
// RUN: %verify %S/Inputs/more-helpers.cpp %S/Inputs/helpers.h %s %S/Inputs/helpers.cpp
#include "../Inputs/task.h"
#include "Inputs/helpers.h"

task<> three_files() {
  to_the_second_file();
  co_await tick();
}

task<> an_interface(Store &store) {
  store.put(1);
  co_await tick();
}

task<> an_inline_function() {
  defined_in_the_header();
  co_await tick();
}

// Both files have a static of this name; only the one in the other file blocks.
static void same_name() {}
task<> calls_its_own() {
  same_name();
  co_await tick();
}

task<> not_called() {
  quiet();
  co_await tick();
}
