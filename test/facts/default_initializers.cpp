// What default initialisers of fields do, where no constructor that is here shows it: in a function of its own, as writes.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
#include <functional>

int make();
void helper(int);

struct MadeElsewhere {
  int fd = make();
  int number = 3;
  void (*run)(int) = helper;
  std::function<int()> kept = [] { return make(); };
};
// CHECK-LABEL: function default initializer for 'MadeElsewhere::fd' [constructor]
// CHECK: %0: call make : int [prvalue] -> stored this->fd
// CHECK: write this->fd = %0
// CHECK-NOT: MadeElsewhere::number' [constructor]
// CHECK-LABEL: function default initializer for 'MadeElsewhere::run' [constructor]
// CHECK: write this->run = &helper
// CHECK-LABEL: function default initializer for 'MadeElsewhere::kept' [constructor]
// CHECK: construct std::function<int ()>
// CHECK: write this->kept = %

// A constructor that is here says it all.
struct MadeHere {
  int fd = make();
  MadeHere() {}
};
// CHECK-NOT: initializer for 'MadeHere::fd'
// CHECK-LABEL: function MadeHere::MadeHere
// CHECK: write this->fd =
