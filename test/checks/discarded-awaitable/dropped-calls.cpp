// Where an expression can drop a value: statements, commas, conditional expressions, loop headers.
// RUN: %verify %s
#include "../Inputs/task.h"

task<> step();
bool more();

void statements(int n) {
  step(); // finding: discarded-awaitable
  if (n) step(); // finding: discarded-awaitable
  else
    step(); // finding: discarded-awaitable
  while (more()) step(); // finding: discarded-awaitable
  do step(); while (more()); // finding: discarded-awaitable
  switch (n) {
  case 1: step(); break; // finding: discarded-awaitable
  default: step(); // finding: discarded-awaitable
  }
label:
  step(); // finding: discarded-awaitable
  (step()); // finding: discarded-awaitable
  { step(); } // finding: discarded-awaitable
  if (n > 9) goto label;
  for (int each : {1, 2}) step(), use(each); // finding: discarded-awaitable
}

void comma(int n) {
  step(), n = 1; // finding: discarded-awaitable
  n = 2, step(); // finding: discarded-awaitable
  n = (step(), 3); // finding: discarded-awaitable
}

void conditional(bool b) {
  b ? step() : task<>(); // finding: discarded-awaitable certain "'step' returns is dropped here"
  b ? (use(1), step()) : task<>(); // finding: discarded-awaitable
}

void loop_headers() {
  for (step(); more();) use(1); // finding: discarded-awaitable
  for (; more(); step()) use(1); // finding: discarded-awaitable
}

void init_statements() {
  if (step(); more()) use(1); // finding: discarded-awaitable
  switch (step(); 1) { // finding: discarded-awaitable
  default: use(1);
  }
}

void handlers() {
  try {
    step(); // finding: discarded-awaitable
  } catch (int) {
    step(); // finding: discarded-awaitable
  }
}

void short_circuit(bool b) {
  b && (step(), true); // finding: discarded-awaitable
}

struct Construct {
  Construct() : value((step(), 1)) {} // finding: discarded-awaitable
  ~Construct() { step(); } // finding: discarded-awaitable
  int value;
};

#define RUN(call) do { call; } while (0)
#define STEP() step()
void macros() {
  RUN(step()); // finding: discarded-awaitable
  STEP(); // finding: discarded-awaitable
}

void cast_to_another_type() {
  static_cast<task<>>(step()); // finding: discarded-awaitable
  task<>{step()}; // finding: discarded-awaitable
}

// Made and not kept is dropped; a variable that is made by its constructor is there for other things.
struct delay {
  int ms;
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
struct timer : delay {
  explicit timer(int ms) : delay{ms} {}
};
task<> makes_and_forgets() {
  delay{3}; // finding: discarded-awaitable
  timer(4); // finding: discarded-awaitable
  co_await tick();
}
task<> makes_and_keeps() {
  delay kept{3};
  timer other(4);
  co_await delay{5};
  (void)timer(6);
}
