// A further file of the tests that name it.
#include "helpers.h"

void to_the_third_file() { std::this_thread::sleep_for(std::chrono::seconds(1)); } // finding: blocking-call-in-coroutine "coroutine 'three_files'" "calls 'to_the_second_file'" "calls 'to_the_third_file'"

struct DiskStore : Store {
  void put(int) override { std::this_thread::sleep_for(std::chrono::seconds(1)); } // finding: blocking-call-in-coroutine "through a virtual function"
};
void register_store(Store *);
void install() { register_store(new DiskStore); }
