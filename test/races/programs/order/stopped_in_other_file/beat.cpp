// A part of the program in this folder: its main file tells the idea.
#include "beat.h"

int beats;

void Beat::start() { thread_ = std::thread(&Beat::loop, this); }

void Beat::stop() {
  if (thread_.joinable())
    thread_.join();
}

void Beat::loop() {
  for (int i = 0; i < 3; ++i)
    ++beats;
}
