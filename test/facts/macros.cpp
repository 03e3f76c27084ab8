// Of what is dropped in a macro's argument, the facts tell the macro that was written.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
struct Result {};
Result load();
#define INNER(statement) statement
#define EXPECT_THROW(statement) INNER(statement)
#define RELOAD() load()

void f() {
  EXPECT_THROW(load());
  RELOAD();
  EXPECT_THROW(RELOAD());
  load();
}
// CHECK: call load : Result [prvalue] -> discarded in EXPECT_THROW
// CHECK: call load : Result [prvalue] -> discarded  @
// CHECK: call load : Result [prvalue] -> discarded in EXPECT_THROW
// CHECK: call load : Result [prvalue] -> discarded  @

// A variable that is cast to void is named, and nothing else is done with it.
void g() {
  Result kept = load();
  int number = 1;
  (void)kept;
  (void)number;
}
// CHECK: function g
// CHECK: write number = 1
// CHECK-NEXT: access kept
// CHECK-NEXT: goto 1
