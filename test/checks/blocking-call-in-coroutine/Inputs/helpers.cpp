// A further file of the tests that name it.
#include "helpers.h"

void to_the_second_file() { to_the_third_file(); }

static void same_name() { std::this_thread::sleep_for(std::chrono::seconds(1)); }
void synchronous() {
  same_name();
  defined_in_the_header();
}

void quiet() {}
