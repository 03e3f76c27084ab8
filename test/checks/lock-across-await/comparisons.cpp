// RUN: %verify %s
// Two switches over one value, two comparisons of one value: the paths that the program cannot take are not taken.
#include "../Inputs/task.h"
#include <mutex>

std::mutex g_mutex;
bool ready();

// --- silent: what locked unlocks --------------------------------------------------------------------------------
task<> two_switches(int kind, std::mutex &m) {
  switch (kind) {
  case 0:
    m.lock();
    break;
  default:
    break;
  }
  use(1);
  switch (kind) {
  case 0:
    m.unlock();
    break;
  default:
    break;
  }
  co_await tick();
}
enum class Mode { read, write, none };
task<> two_cases_of_each(Mode mode, std::mutex &m) {
  switch (mode) {
  case Mode::read:
  case Mode::write:
    m.lock();
    break;
  case Mode::none:
    break;
  }
  use(1);
  switch (mode) {
  case Mode::write:
    use(2);
    m.unlock();
    break;
  case Mode::read:
    m.unlock();
    break;
  case Mode::none:
    break;
  }
  co_await tick();
}
task<> a_switch_and_an_if(int kind, std::mutex &m) {
  switch (kind) {
  case 3:
    m.lock();
  }
  if (kind == 3)
    m.unlock();
  co_await tick();
}
task<> the_default_locks(int kind, std::mutex &m) {
  switch (kind) {
  case 1:
    break;
  default:
    m.lock();
  }
  if (kind != 1)
    m.unlock();
  co_await tick();
}
task<> greater_twice(int n, std::mutex &m) {
  if (n > 3)
    m.lock();
  use(n);
  if (n > 3)
    m.unlock();
  co_await tick();
}
task<> written_differently(int n, std::mutex &m) {
  if (n > 3)
    m.lock();
  if (n >= 4)
    m.unlock();
  co_await tick();
}
task<> turned_round(int n, std::mutex &m) {
  if (3 < n)
    m.lock();
  if (n <= 3)
    co_await tick();
  else
    m.unlock();
}
task<> two_values(int n, int limit, std::mutex &m) {
  if (n < limit)
    m.lock();
  use(n);
  if (limit > n)
    m.unlock();
  co_await tick();
}
task<> one_implies_the_other(int n, std::mutex &m) {
  if (n > 7)
    m.lock();
  if (n > 5 && n > 7)
    m.unlock();
  co_await tick();
}
task<> kept_in_a_variable(int n, std::mutex &m) {
  const bool large = n > 100;
  if (large)
    m.lock();
  use(n);
  if (large)
    m.unlock();
  co_await tick();
}
task<> by_a_pointer(int *given, std::mutex &m) {
  if (given != nullptr)
    m.lock();
  if (given)
    m.unlock();
  co_await tick();
}
task<> of_a_guard(int n) {
  std::unique_lock lock(g_mutex, std::defer_lock);
  if (n < 0)
    lock.lock();
  if (n < 0)
    lock.unlock();
  co_await tick();
}
template <class T> task<> in_a_template(T n, std::mutex &m) {
  if (n > T(3))
    m.lock();
  if (n > T(3))
    m.unlock();
  co_await tick();
}
template task<> in_a_template(long, std::mutex &);

// --- held ---------------------------------------------------------------------------------------------------------
task<> another_case(int kind, std::mutex &m) {
  switch (kind) {
  case 0:
    m.lock();
    break;
  default:
    break;
  }
  switch (kind) {
  case 1:
    m.unlock();
    break;
  default:
    break;
  }
  co_await tick(); // finding: lock-across-await likely
}
task<> one_case_forgotten(Mode mode, std::mutex &m) {
  switch (mode) {
  case Mode::read:
  case Mode::write:
    m.lock();
    break;
  case Mode::none:
    break;
  }
  if (mode == Mode::write)
    m.unlock();
  co_await tick(); // finding: lock-across-await likely
}
task<> another_number(int n, std::mutex &m) {
  if (n > 3)
    m.lock();
  if (n > 4)
    m.unlock();
  co_await tick(); // finding: lock-across-await likely
}
task<> changed_between(int n, std::mutex &m) {
  if (n > 3)
    m.lock();
  ++n;
  if (n > 3)
    m.unlock();
  co_await tick(); // finding: lock-across-await likely
}
task<> in_between(int n, std::mutex &m) {
  if (n > 3) {
    m.lock();
    if (n > 2)
      co_await tick(); // finding: lock-across-await certain
    m.unlock();
  }
}
task<> in_the_case(int kind, std::mutex &m) {
  switch (kind) {
  case 0:
    m.lock();
    co_await tick(); // finding: lock-across-await certain
    m.unlock();
  }
}
task<> falls_through(int kind, std::mutex &m) {
  switch (kind) {
  case 0:
    m.lock();
    [[fallthrough]];
  case 1:
    co_await tick(); // finding: lock-across-await likely
  }
  if (kind == 0)
    m.unlock();
}
task<> another_value(int n, int limit, int other, std::mutex &m) {
  if (n < limit)
    m.lock();
  if (n < other)
    m.unlock();
  co_await tick(); // finding: lock-across-await likely
}
task<> floating(double x, std::mutex &m) { // a NaN is not greater and not less
  if (!(x <= 3))
    m.lock();
  if (x > 3)
    m.unlock();
  co_await tick(); // finding: lock-across-await likely
}
