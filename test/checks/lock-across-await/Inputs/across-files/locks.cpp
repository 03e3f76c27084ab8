// Locks and guards that main.cpp uses.
#include "locks.h"

std::mutex g_shared_by_files;
static std::mutex g_static; // as in main.cpp, but another

std::unique_lock<std::mutex> table::lock() { return std::unique_lock(mutex_); }
std::unique_lock<std::mutex> table::lock_through() { return lock(); }
std::unique_lock<std::mutex> table::lock_later() { return {mutex_, std::defer_lock}; }
void table::begin() { mutex_.lock(); }
void table::end() { mutex_.unlock(); }
bool table::try_begin() { return mutex_.try_lock(); }
remote_guard::remote_guard(std::mutex &m) : mutex_(m) { mutex_.lock(); }
remote_guard::~remote_guard() {
  if (held_)
    mutex_.unlock();
}
void remote_guard::unlock() {
  held_ = false;
  mutex_.unlock();
}
void remote_lock::lock() { mutex_.lock(); }
void remote_lock::unlock() { mutex_.unlock(); }
void remote_nothing::lock() {}
void remote_nothing::unlock() {}
void take_shared() { g_shared_by_files.lock(); }
void give_shared() { g_shared_by_files.unlock(); }
static void take_static() { g_static.lock(); }
task<> holds_static() {
  take_static();
  co_await tick(); // finding: lock-across-await certain "'g_static'"
  g_static.unlock();
}
