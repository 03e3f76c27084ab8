// The guarded methods are in this file, the one that forgets the mutex in another.
#include "state.h"

void State::rise() {
  std::lock_guard<std::mutex> lock(mutex_);
  ++level_; // RACE(level)
}

void State::fall() {
  std::lock_guard<std::mutex> lock(mutex_);
  --level_; // RACE(level)
}

int State::level() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return level_; // RACE(level)
}
