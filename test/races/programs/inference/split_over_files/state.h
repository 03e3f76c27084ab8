// A part of the program in this folder: its main file tells the idea.
#pragma once
#include <mutex>

class State {
public:
  void rise();
  void fall();
  int level() const;
  void clear();

private:
  mutable std::mutex mutex_;
  int level_ = 0;
};
