// A comparison that is false for the first values of its locals, which nothing but its own loop changes, runs nothing.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <unistd.h>
#include <vector>

void take(int &);
void take_constant(const int &);
void by_value(int);
int how_many();

task<> never_begins() {
  int rounds = 0;
  for (int n = 0; n < rounds; ++n)
    usleep(1000);
  co_return;
}
task<> looked_at_only() {
  int rounds = 0;
  std::vector<int> kept;
  kept.reserve(rounds);
  by_value(rounds);
  take_constant(rounds);
  for (int n = 0; n < rounds; ++n)
    usleep(1000);
  co_return;
}
task<> counted_down_inside() {
  int left = 0;
  while (left > 0) {
    usleep(1000);
    --left;
  }
  co_return;
}
task<> only_the_else() {
  int mode = 1;
  if (mode == 2)
    usleep(1000);
  co_return;
}
task<> captured_as_a_copy() {
  int rounds = 0;
  auto shown = [rounds] { return rounds; };
  for (int n = 0; n < rounds; ++n)
    usleep(1000);
  co_return;
}

task<> begins() {
  int rounds = 2;
  for (int n = 0; n < rounds; ++n)
    usleep(1000); // finding: blocking-call-in-coroutine "coroutine 'begins'"
  co_return;
}
task<> assigned() {
  int rounds = 0;
  rounds = how_many();
  for (int n = 0; n < rounds; ++n)
    usleep(1000); // finding: blocking-call-in-coroutine "coroutine 'assigned'"
  co_return;
}
task<> given_away() {
  int rounds = 0;
  take(rounds);
  for (int n = 0; n < rounds; ++n)
    usleep(1000); // finding: blocking-call-in-coroutine "coroutine 'given_away'"
  co_return;
}
task<> by_a_pointer() {
  int rounds = 0;
  int *at = &rounds;
  *at = how_many();
  for (int n = 0; n < rounds; ++n)
    usleep(1000); // finding: blocking-call-in-coroutine "coroutine 'by_a_pointer'"
  co_return;
}
task<> by_a_reference() {
  int rounds = 0;
  int &same = rounds;
  same = 3;
  for (int n = 0; n < rounds; ++n)
    usleep(1000); // finding: blocking-call-in-coroutine "coroutine 'by_a_reference'"
  co_return;
}
task<> by_a_closure() {
  int rounds = 0;
  auto set = [&] { rounds = 5; };
  set();
  for (int n = 0; n < rounds; ++n)
    usleep(1000); // finding: blocking-call-in-coroutine "coroutine 'by_a_closure'"
  co_return;
}
task<> in_an_earlier_round() {
  int ready = 0;
  for (int n = 0; n < 3; ++n) {
    if (ready == 1)
      usleep(1000); // finding: blocking-call-in-coroutine "coroutine 'in_an_earlier_round'"
    ready = 1;
  }
  co_return;
}
task<> of_a_parameter(int rounds) {
  for (int n = 0; n < rounds; ++n)
    usleep(1000); // finding: blocking-call-in-coroutine "coroutine 'of_a_parameter'"
  co_return;
}
task<> static_ones_keep_theirs() {
  static int rounds = 0;
  for (int n = 0; n < rounds; ++n)
    usleep(1000); // finding: blocking-call-in-coroutine "coroutine 'static_ones_keep_theirs'"
  ++rounds;
  co_return;
}
task<> the_last_statement_stays() {
  int rounds = 0;
  for (int n = 0; n < rounds; ++n)
    by_value(n);
  usleep(1000); // finding: blocking-call-in-coroutine "coroutine 'the_last_statement_stays'"
  co_return;
}
