// What the tests of processes share: a test in a process of its own, and counting across processes.
#ifndef TENTERHOOK_TEST_RUNTIME_ALONE_H
#define TENTERHOOK_TEST_RUNTIME_ALONE_H

#include <cstdlib>
#include <gtest/gtest.h>
#include <numeric>
#include <unistd.h>
#include <vector>

// Runs `body` in a process that is started afresh (gtest's "threadsafe" death tests), where it may fork; passes if it
// gets to its end with all that it expects.
#define EXPECT_RUNS_ALONE(...)                                                                                                   \
  GTEST_FLAG_SET(death_test_style, "threadsafe");                                                                                \
  EXPECT_EXIT(                                                                                                                   \
      {                                                                                                                          \
        [&] __VA_ARGS__();                                                                                                       \
        std::exit(testing::Test::HasFailure() ? 1 : 0);                                                                          \
      },                                                                                                                         \
      testing::ExitedWithCode(0), "")

namespace tenterhook::test {

inline std::vector<int> numbers(int count) {
  std::vector<int> all(count);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

// Counts up to what another process waits for.
class tally {
public:
  tally() { EXPECT_EQ(pipe(ends_), 0); }
  tally(const tally &) = delete;
  tally &operator=(const tally &) = delete;
  ~tally() { close(ends_[0]), close(ends_[1]); }
  void add(int count = 1) const {
    while (count-- != 0)
      EXPECT_EQ(write(ends_[1], "x", 1), 1);
  }
  void wait_for(int count = 1) const {
    char byte;
    while (count-- != 0)
      EXPECT_EQ(read(ends_[0], &byte, 1), 1);
  }

private:
  int ends_[2];
};

} // namespace tenterhook::test

#endif
