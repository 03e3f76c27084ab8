// A further file of the tests that name it.
#ifndef HELPERS_H
#define HELPERS_H
#include <thread>

void to_the_second_file();
void to_the_third_file();
void quiet();

struct Store {
  virtual ~Store() = default;
  virtual void put(int) = 0;
};

// Every file that includes this defines it; it is one function.
inline void defined_in_the_header() { std::this_thread::sleep_for(std::chrono::seconds(1)); } // finding: blocking-call-in-coroutine

#endif
