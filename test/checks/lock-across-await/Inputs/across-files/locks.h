// What main.cpp knows of locks.cpp.
#pragma once
#include "../../../Inputs/task.h"
#include <mutex>

class table {
public:
  std::unique_lock<std::mutex> lock();
  std::unique_lock<std::mutex> lock_through();
  std::unique_lock<std::mutex> lock_later();
  void begin();
  void end();
  bool try_begin();
  task<> inline_coroutine() {
    auto guard = lock();
    co_await tick(); // finding: lock-across-await certain "'mutex_'" "acquired by"
  }

private:
  std::mutex mutex_;
};
class remote_guard {
public:
  explicit remote_guard(std::mutex &m);
  ~remote_guard();
  void unlock();

private:
  std::mutex &mutex_;
  bool held_ = true;
};
class remote_lock {
public:
  void lock();
  void unlock();

private:
  std::mutex mutex_;
};
class remote_nothing {
public:
  void lock();
  void unlock();
};
extern std::mutex g_shared_by_files;
void take_shared();
void give_shared();
