// RUN: %verify %s
// Guards in a pair or tuple, unlocked by std::get: the facts do not say which element it gives.
#include "../Inputs/task.h"
#include <mutex>
#include <utility>

std::mutex first_half, second_half;

task<> none_unlocked() {
  std::pair both{std::unique_lock(first_half), std::unique_lock(second_half)};
  co_await tick(); // finding: lock-across-await certain "first_half"
}

task<> unlocked_both() {
  std::pair both{std::unique_lock(first_half), std::unique_lock(second_half)};
  std::get<0>(both).unlock();
  std::get<1>(both).unlock();
  co_await tick();
}

task<> FN_one_unlocked() {
  std::pair both{std::unique_lock(first_half), std::unique_lock(second_half)};
  std::get<0>(both).unlock();
  co_await tick();
}
