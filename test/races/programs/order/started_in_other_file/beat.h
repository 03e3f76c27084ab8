// A part of the program in this folder: its main file tells the idea.
#pragma once
#include <thread>

extern int beats;

class Beat {
public:
  void start();
  void stop();

private:
  void loop();
  std::thread thread_;
};
