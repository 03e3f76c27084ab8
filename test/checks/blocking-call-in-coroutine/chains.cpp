// The blocking call is some calls away: through every kind of function.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <memory>
#include <thread>
#include <vector>
using namespace std::chrono_literals;

namespace functions {
void leaf() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine likely "calls 'functions::top'"
static void middle() { leaf(); }
void top() { middle(); }
task<> three_calls_away() {
  top();
  co_await tick();
}
} // namespace functions

namespace members {
struct Cache {
  void load() const { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
  static void reload() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
};
task<> through_members(const Cache &cache, Cache *other) {
  cache.load();
  other->load();
  Cache::reload();
  co_await tick();
}
} // namespace members

namespace templates {
template <typename T> T wait_for(T value) {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  return value;
}
template <typename T> struct Box {
  T value;
  T get() {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return value;
  }
};
task<> through_templates(Box<int> box) {
  use(wait_for(1));
  use(wait_for(std::string("s")));
  use(box.get());
  co_await tick();
}
template <typename T> task<T> template_coroutine(T value) {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  co_return value;
}
task<> two_instances() { use(co_await template_coroutine(1)), use(co_await template_coroutine(std::string("s"))); }
} // namespace templates

namespace objects {
struct Connection {
  Connection() { std::this_thread::sleep_for(1s); }  // finding: blocking-call-in-coroutine "Connection"
  ~Connection() { std::this_thread::sleep_for(2s); } // finding: blocking-call-in-coroutine "destroys an object"
};
int slow_default() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  return 1;
}
struct Settings {
  int value = slow_default(); // a default member initialiser
};
int slow_argument() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  return 1;
}
void configure(int value = slow_argument()); // a default argument
struct Counter {
  Counter &operator++() {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return *this;
  }
  operator bool() const {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return true;
  }
};
Counter operator+(const Counter &a, const Counter &) {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  return a;
}
task<> through_a_local() {
  Connection c;
  co_await tick();
}
task<> through_initialisers() {
  Settings s;
  use(s.value);
  configure();
  co_await tick();
}
task<> through_operators(Counter c) {
  if (++c)
    co_await tick();
  c + c;
}
} // namespace objects

namespace factories { // the library calls the constructor
struct Connection {
  explicit Connection(int) { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "calls 'std::make_unique', which calls 'factories::Connection::Connection'"
  Connection() {}
};
struct Entry {
  Entry(int, int) { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
};
task<> makes(std::vector<Entry> entries) {
  auto a = std::make_unique<Connection>(1);
  auto b = std::make_shared<Connection>();
  entries.emplace_back(1, 2);
  co_await tick();
}
} // namespace factories

namespace recursion {
void leaf() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
void self(int n) {
  if (n)
    self(n - 1);
  else
    leaf();
}
void odd(int n);
void even(int n) { n ? odd(n - 1) : leaf(); }
void odd(int n) { n ? even(n - 1) : void(); }
task<> through_recursion() {
  self(3);
  odd(3);
  co_await tick();
}
task<> calls_itself(int n) {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  if (n)
    co_await calls_itself(n - 1);
}
void quiet_even(int n);
void quiet_odd(int n) { n ? quiet_even(n - 1) : void(); }
void quiet_even(int n) { n ? quiet_odd(n - 1) : void(); }
task<> terminates() {
  quiet_odd(3);
  co_await tick();
}
} // namespace recursion

namespace coroutines {
void leaf() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "coroutine 'coroutines::inner'"
task<> inner() {
  leaf();
  co_await tick();
}
task<> outer() { co_await inner(); } // reached through inner alone
} // namespace coroutines

namespace near_misses {
struct Lazy {
  ~Lazy() {}
  void block() { std::this_thread::sleep_for(1s); } // nobody on a loop calls it
};
void only_main_calls() { std::this_thread::sleep_for(1s); }
void overload(int) {}
void overload(double) { std::this_thread::sleep_for(1s); }
task<> calls_the_other_overload(Lazy) {
  overload(1);
  co_await tick();
}
} // namespace near_misses

int main() { near_misses::only_main_calls(); }
