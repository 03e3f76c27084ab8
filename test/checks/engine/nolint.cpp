// NOLINT comments: all forms, with globs; a comment for other checks suppresses nothing here.
// RUN: %verify %s
// RUN: %exits 1 %tenterhook check %s -- -std=c++20 | FileCheck %s --check-prefix=COUNT
// COUNT: 19 findings
#include "../Inputs/task.h"

task<> work();

void same_line() {
  work(); // NOLINT
  work(); // NOLINT: a reason
  work(); // NOLINT(tenterhook-discarded-awaitable)
  work(); // NOLINT(tenterhook-discarded-awaitable): a reason
  work(); // NOLINT(tenterhook-*)
  work(); // NOLINT(tenterhook-*-awaitable)
  work(); // NOLINT(*)
  work(); // NOLINT(bugprone-unused-return-value, tenterhook-discarded-awaitable)
  work(); // NOLINT(bugprone-unused-return-value,tenterhook-*)
  work(); /* NOLINT */
}

void other_checks() {
  work(); // NOLINT(tenterhook-lock-across-await) // finding: discarded-awaitable
  work(); // NOLINT(tenterhook-lock-*)            // finding: discarded-awaitable
  work(); // NOLINT(bugprone-*)                   // finding: discarded-awaitable
  work(); // NOLINT(discarded-awaitable)          // finding: discarded-awaitable
  work(); // NOLINT(tenterhook-discarded)         // finding: discarded-awaitable
  work(); // NOLINT()                             // finding: discarded-awaitable
  work(); // NOLINTER                             // finding: discarded-awaitable
  work(); // MY_NOLINT                            // finding: discarded-awaitable
}

void next_line() {
  // NOLINTNEXTLINE
  work();
  // NOLINTNEXTLINE(tenterhook-discarded-awaitable)
  work();
  work(); // finding: discarded-awaitable
  // NOLINTNEXTLINE(tenterhook-lock-across-await)
  work(); // finding: discarded-awaitable
  // NOLINTNEXTLINE

  work(); // finding: discarded-awaitable
  work(); // NOLINTNEXTLINE // finding: discarded-awaitable
  work();
}

void blocks() {
  // NOLINTBEGIN
  work();
  work();
  // NOLINTEND
  work(); // finding: discarded-awaitable
  // NOLINTBEGIN(tenterhook-discarded-awaitable)
  work();
  // NOLINTBEGIN(bugprone-*)
  work();
  // NOLINTEND(bugprone-*)
  work();
  // NOLINTEND(tenterhook-discarded-awaitable)
  work(); // finding: discarded-awaitable
  // NOLINTBEGIN(tenterhook-lock-*)
  work(); // finding: discarded-awaitable
  // NOLINTEND(tenterhook-lock-*)
}

void never_closed() {
  // NOLINTBEGIN(tenterhook-discarded-*)
  work(); // finding: discarded-awaitable
  // NOLINTEND(tenterhook-other)
  work(); // finding: discarded-awaitable
}

// The finding stands where it is written: the comment belongs there, not where it is called.
#define DROP() work()
void macros() {
  DROP(); // NOLINT(tenterhook-discarded-awaitable)
  DROP(); // finding: discarded-awaitable
}
void in_lambda() {
  auto f = [] { work(); }; // finding: discarded-awaitable
  f(); // NOLINT
}
