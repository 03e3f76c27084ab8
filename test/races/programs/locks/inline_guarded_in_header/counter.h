// A part of the program in this folder: its main file tells the idea.
#pragma once
#include <mutex>
#include <thread>

struct Counter {
  std::mutex mutex;
  int value = 0;
};

inline void add(Counter &to) {
  std::lock_guard<std::mutex> lock(to.mutex);
  to.value++;
}

inline Counter counter;
void count_here();
void count_there();
