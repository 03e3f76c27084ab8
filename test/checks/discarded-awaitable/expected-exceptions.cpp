// A test that wants a call to throw has no result to await: `possible`, which is not shown unless asked for.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <functional>

task<int> load();
namespace tests {
template <class E, class F> void assert_throws(F f) {
  try {
    f();
  } catch (const E &) {
  }
}
void assert_throws_with_message(std::function<void()> f, const char *message);
void assert_equal(std::function<void()> f);
} // namespace tests

#define EXPECT_THROW(statement, type) \
  try {                               \
    statement;                        \
  } catch (type) {                    \
  }
#define EXPECT_NO_THROW(statement) \
  try {                            \
    statement;                     \
  } catch (...) {                  \
  }

void wrappers() {
  tests::assert_throws<int>([] { load(); }); // finding: discarded-awaitable possible
  tests::assert_throws<int>([] {
    int n = 1;
    use(n);
    load(); // finding: discarded-awaitable possible
  });
  tests::assert_throws_with_message([] { load(); }, "empty"); // finding: discarded-awaitable possible
}
void macros() {
  EXPECT_THROW(load(), int); // finding: discarded-awaitable possible
}

// What is not last did not throw, and other functions expect no exception.
void near_misses() {
  tests::assert_throws<int>([] {
    load(); // finding: discarded-awaitable certain
    use(1);
  });
  tests::assert_equal([] { load(); }); // finding: discarded-awaitable certain
  EXPECT_NO_THROW(load()); // finding: discarded-awaitable certain
}
