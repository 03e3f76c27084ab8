// A part of the program in this folder: its main file tells the idea.
#pragma once
#include <mutex>
#include <thread>

struct Counter {
  std::mutex mutex;
  int value = 0;
};

extern Counter counter;
void count_safely();
void count_fast();
