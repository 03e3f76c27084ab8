// What C programs hold from the start: pointers, tables of functions, designated and nested lists, lock kinds; and
// lists within functions. Tables of plain numbers and zeros are not told.
// RUN: %tenterhook facts %s -- -std=gnu17 | FileCheck %s
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>

struct op {
  const char *name;
  int (*run)(int);
  struct {
    int *counter;
  } stats;
};
int start(int x) { return x; }
int stop(int x) { return x; }
static int counter;
static int *pointer = &counter;
static struct op ops[] = {{"start", start, {&counter}}, {.run = &stop}};
static int (*const table[3])(int) = {start, [2] = stop};
static const int numbers[] = {1, 2, 3};
static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int zero;
union either {
  int number;
  int (*call)(int);
};
static union either kept = {.call = stop};

// CHECK: function constant initializer for 'pointer' [constant]
// CHECK: write pointer = &counter
// CHECK: function constant initializer for 'ops' [constant]
// CHECK: write ops[0].name = "start"
// CHECK: write ops[0].run = &start
// CHECK: write ops[0].stats.counter = &counter
// CHECK: write ops[1].run = &stop
// CHECK: function constant initializer for 'table' [constant]
// CHECK: write table[0] = &start
// CHECK: write table[2] = &stop
// CHECK-NOT: 'numbers'
// CHECK: function constant initializer for 'recursive' [constant]
// CHECK: __kind = 1
// CHECK-NOT: 'zero'
// CHECK: function constant initializer for 'kept' [constant]
// CHECK: write kept.call = &stop

void handler(int number);
int install(int which) {
  struct sigaction action = {.sa_handler = handler};
  struct op local[2] = {{.run = start}, {.run = stop}};
  static struct op kept_op = {.run = start};
  sigaction(SIGINT, &action, 0);
  return local[which].run(1) + kept_op.run(2);
}
// CHECK: function install
// CHECK: write action.{{.*}}sa_handler = &handler
// CHECK: write local[0].run = &start
// CHECK: write local[1].run = &stop
// CHECK-NOT: write kept_op
// CHECK: call sigaction(2, &action, null)
// CHECK: function constant initializer for 'install::kept_op' [constant]
// CHECK: write install::kept_op.run = &start
