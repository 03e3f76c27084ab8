// RUN: %verify %s
// A handler is entered where something in its block may throw.
#include "../Inputs/task.h"
#include <new>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

void unseen();
void unseen_noexcept() noexcept;
extern "C" int of_c(int);
int adds(int n) { return n + 1; }
int throws_some(int n) {
  if (n > 3)
    throw std::runtime_error("large");
  return n;
}
int handles_its_own(int n) {
  try {
    return throws_some(n);
  } catch (...) {
    return 0;
  }
}
int handles_some(int n) {
  try {
    return throws_some(n);
  } catch (const std::bad_alloc &) {
    return 0;
  }
}
int recursive(int n) { return n ? recursive(n - 1) : 0; }
struct Plain {
  int a = 0;
  Plain() noexcept : a(1) {}
};
struct Grows {
  std::vector<int> v;
  Grows() { v.push_back(1); }
};

// --- nothing throws: silent -----------------------------------------------------------------------------------
task<> arithmetic(int n) {
  co_await tick();
  try {
    n += 2;
  } catch (...) {
    ::usleep(1);
  }
}
task<> own_function(int n) {
  co_await tick();
  try {
    adds(n);
  } catch (...) {
    ::usleep(1);
  }
}
task<> said_so() {
  co_await tick();
  try {
    unseen_noexcept();
  } catch (...) {
    ::usleep(1);
  }
}
task<> of_a_c_library(int n) {
  co_await tick();
  try {
    of_c(n);
  } catch (...) {
    ::usleep(1);
  }
}
task<> handled_inside(int n) {
  co_await tick();
  try {
    handles_its_own(n);
  } catch (...) {
    ::usleep(1);
  }
}
task<> of_itself(int n) {
  co_await tick();
  try {
    recursive(n);
  } catch (...) {
    ::usleep(1);
  }
}
task<> constructor_that_cannot() {
  co_await tick();
  try {
    Plain p;
  } catch (...) {
    ::usleep(1);
  }
}
task<> two_handlers(int n) {
  co_await tick();
  try {
    n = adds(n);
  } catch (const std::exception &) {
    ::usleep(1);
  } catch (...) {
    ::usleep(2);
  }
}
task<> thrown_around_it(int n) {
  co_await tick();
  try {
    n = adds(n);
  } catch (...) {
    ::usleep(1);
  }
  unseen();
}
task<> a_lambda_that_cannot(int n) {
  co_await tick();
  try {
    [&n] { ++n; }();
  } catch (...) {
    ::usleep(1);
  }
}
task<> inner_and_outer(int n) {
  co_await tick();
  try {
    try {
      unseen();
    } catch (...) {
      ++n;
    }
  } catch (...) {
    ::usleep(1);
  }
}

// --- something may throw ------------------------------------------------------------------------------------------
task<> unseen_function() {
  co_await tick();
  try {
    unseen();
  } catch (...) {
    ::usleep(20); // finding: blocking-call-in-coroutine
  }
}
task<> own_function_that_throws(int n) {
  co_await tick();
  try {
    throws_some(n);
  } catch (...) {
    ::usleep(21); // finding: blocking-call-in-coroutine
  }
}
task<> thrown_here(int n) {
  co_await tick();
  try {
    if (n)
      throw n;
  } catch (int) {
    ::usleep(22); // finding: blocking-call-in-coroutine
  }
}
task<> another_type_is_handled(int n) {
  co_await tick();
  try {
    handles_some(n);
  } catch (...) {
    ::usleep(23); // finding: blocking-call-in-coroutine
  }
}
task<> memory() {
  co_await tick();
  try {
    delete[] new int[100];
  } catch (const std::bad_alloc &) {
    ::usleep(24); // finding: blocking-call-in-coroutine
  }
}
task<> of_the_library(std::string &s) {
  co_await tick();
  try {
    s += "x";
  } catch (...) {
    ::usleep(25); // finding: blocking-call-in-coroutine
  }
}
task<> of_an_await() {
  try {
    co_await tick();
  } catch (...) {
    ::usleep(26); // finding: blocking-call-in-coroutine
  }
}
task<> constructor_that_may() {
  co_await tick();
  try {
    Grows g;
  } catch (...) {
    ::usleep(27); // finding: blocking-call-in-coroutine
  }
}
struct Base {
  virtual ~Base() = default;
  virtual void run();
};
task<> virtual_function(Base &b) {
  co_await tick();
  try {
    b.run();
  } catch (...) {
    ::usleep(28); // finding: blocking-call-in-coroutine
  }
}
task<> through_a_pointer(void (*f)()) {
  co_await tick();
  try {
    f();
  } catch (...) {
    ::usleep(29); // finding: blocking-call-in-coroutine
  }
}
task<> thrown_on(int n) {
  co_await tick();
  try {
    try {
      unseen();
    } catch (int) {
      ++n;
      throw;
    }
  } catch (...) {
    ::usleep(30); // finding: blocking-call-in-coroutine
  }
}
task<> in_a_loop(int n) {
  co_await tick();
  while (n--) {
    try {
      throws_some(n);
      break;
    } catch (...) {
      ::usleep(31); // finding: blocking-call-in-coroutine
    }
  }
}
