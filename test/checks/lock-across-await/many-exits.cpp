// RUN: %verify %s
// A helper with more than six ways out, each of which its callers may tell from the others.
#include "../Inputs/task.h"
#include <mutex>

std::mutex a, b, c, d;
bool ready();

// Eight combinations: every one of three may be held.
void takes_some(int n) {
  if (n & 1)
    a.lock();
  if (ready())
    b.lock();
  if (ready())
    c.lock();
}
void gives_all_back() {
  a.unlock();
  b.unlock();
  c.unlock();
}
task<> some_are_held(int n) {
  takes_some(n);
  co_await tick(); // finding: lock-across-await likely "'a', 'b' and 'c'"
  gives_all_back();
}
task<> none_is_held(int n) {
  takes_some(n);
  gives_all_back();
  co_await tick();
}

// Eight ways out, and on the last one a lock is held.
bool eight_ways(int n, std::mutex &m) {
  switch (n) {
  case 0: a.lock(); a.unlock(); return false;
  case 1: b.lock(); b.unlock(); return false;
  case 2: c.lock(); c.unlock(); return false;
  case 3: d.lock(); return false;
  case 4: a.lock(); b.lock(); return false;
  case 5: b.lock(); c.lock(); return false;
  case 6: c.lock(); d.lock(); return false;
  default: m.lock(); return true;
  }
}
void all_four_back() {
  a.unlock();
  b.unlock();
  c.unlock();
  d.unlock();
}
task<> the_last_way(int n, std::mutex &m) {
  if (eight_ways(n, m)) {
    co_await tick(); // finding: lock-across-await "keeps 'm' locked"
    m.unlock();
  } else {
    all_four_back();
    co_await tick();
  }
}
task<> the_last_way_given_back(int n, std::mutex &m) {
  if (eight_ways(n, m))
    m.unlock();
  else
    all_four_back();
  co_await tick();
}

// One lock for each bit: sixteen.
template <int N> std::mutex slots;
template <int N> void take(unsigned mask) {
  if (mask & (1u << N))
    slots<N>.lock();
}
void take_four(unsigned mask) {
  take<0>(mask);
  take<1>(mask);
  take<2>(mask);
  take<3>(mask);
}
task<> one_of_sixteen(unsigned mask) {
  take_four(mask);
  slots<0>.unlock();
  slots<1>.unlock();
  slots<2>.unlock();
  co_await tick(); // finding: lock-across-await likely
  slots<3>.unlock();
}
task<> none_of_sixteen(unsigned mask) {
  take_four(mask);
  slots<0>.unlock();
  slots<1>.unlock();
  slots<2>.unlock();
  slots<3>.unlock();
  co_await tick();
}
