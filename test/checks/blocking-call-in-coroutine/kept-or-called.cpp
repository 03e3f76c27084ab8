// Keeping a callable is not calling it: who calls it where it is kept decides. What is given to code that is not seen is
// called if it cannot be kept.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>
using namespace std::chrono_literals;

// Kept in a global, a member, a lambda, a map, behind a pointer: not called by the coroutine.
std::function<void()> at_exit;
void remember(std::function<void()> f) { at_exit = std::move(f); }
void finish() { at_exit(); }
struct Session {
  std::function<void()> closed;
  std::map<std::string, std::function<void()>> named;
  std::unique_ptr<std::function<void()>> behind = std::make_unique<std::function<void()>>();
  void on_close(std::function<void()> f) { closed = f; }
  void name(const std::string &n, std::function<void()> f) { named[n] = std::move(f); }
  void put_behind(std::function<void()> f) { *behind = std::move(f); }
  void close() {
    closed();
    for (auto &[n, f] : named)
      f();
    (*behind)();
  }
};
void aside(std::function<void()> f) {
  std::thread([f] { f(); }).detach();
}
void aside_moved(std::function<void()> f) {
  std::thread([f = std::move(f)] { f(); }).detach();
}
std::function<void()> twice(std::function<void()> f) {
  return [f] {
    f();
    f();
  };
}
task<> keeps(Session &s) {
  co_await tick();
  remember([] { std::this_thread::sleep_for(1s); });
  s.on_close([] { std::this_thread::sleep_for(2s); });
  s.name("a", [] { std::this_thread::sleep_for(3s); });
  s.put_behind([] { std::this_thread::sleep_for(4s); });
  aside([] { std::this_thread::sleep_for(5s); });
  aside_moved([] { std::this_thread::sleep_for(6s); });
  auto unused = twice([] { std::this_thread::sleep_for(7s); });
}
int main() {
  finish();
  Session s;
  s.close();
}

// The same, called by a coroutine after all.
std::function<void()> g_handler;
void install(std::function<void()> f) { g_handler = std::move(f); }
struct Emitter {
  std::map<int, std::vector<std::function<void()>>> slots;
  void add(int n, std::function<void()> f) { slots[n].push_back(std::move(f)); }
  std::function<void()> *find(int n) {
    auto it = slots.find(n);
    return it == slots.end() ? nullptr : &it->second.front();
  }
  std::optional<std::function<void()>> last(int n) {
    if (slots[n].empty())
      return std::nullopt;
    return slots[n].back();
  }
};
std::function<void()> again(std::function<void()> f) {
  return [f] {
    f();
    f();
  };
}
void fill(Emitter &e) {
  install([] { std::this_thread::sleep_for(1s); });   // finding: blocking-call-in-coroutine likely
  e.add(1, [] { std::this_thread::sleep_for(2s); });  // finding: blocking-call-in-coroutine likely
}
task<> calls_what_is_kept(Emitter &e) {
  co_await tick();
  g_handler();
  if (auto *f = e.find(1))
    (*f)();
  if (auto f = e.last(1))
    (*f)();
  auto twice_as_slow = again([] { std::this_thread::sleep_for(3s); }); // finding: blocking-call-in-coroutine likely
  twice_as_slow();
}

// In place through two functions and a lambda; what one caller gives is not what another gives.
template <class F> void with(F f) { f(); }
void each(const std::function<void()> &f) {
  with([&] { f(); });
}
void each_of(const std::function<void()> &f) { each(f); }
task<> in_place() {
  co_await tick();
  each_of([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
}
task<> in_place_and_quick() {
  co_await tick();
  each_of([] {});
}
void elsewhere() {
  each_of([] { std::this_thread::sleep_for(2s); });
}

// Code that is not seen, whatever it is called: a reference to const cannot be kept; a value, an rvalue, a pointer can.
namespace lib {
void on_ready(const std::function<void()> &);
void push(const std::function<void()> &);
void apply(std::function<void()>);
void for_each(std::function<void()> &&);
void run(void (*)());
struct Machine {
  void set(const std::function<void()> &) const;
  void call(std::function<void()>);
};
}
void pointed() { std::this_thread::sleep_for(9s); }
task<> not_seen(lib::Machine &machine) {
  co_await tick();
  lib::on_ready([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
  lib::push([] { std::this_thread::sleep_for(2s); });     // finding: blocking-call-in-coroutine
  lib::apply([] { std::this_thread::sleep_for(3s); });
  lib::for_each([] { std::this_thread::sleep_for(4s); });
  lib::run(pointed);
  machine.set([] { std::this_thread::sleep_for(5s); }); // finding: blocking-call-in-coroutine
  machine.call([] { std::this_thread::sleep_for(6s); });
}

// Tables: a global's entries are its own.
struct Command {
  const char *name;
  void (*run)();
};
void slow() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine likely
void slower() { std::this_thread::sleep_for(2s); }
void quick() {}
const Command commands[] = {{"slow", slow}, {"quick", quick}};
const Command quick_ones[] = {{"quick", quick}};
const Command unused_ones[] = {{"slower", slower}};
static void (*const pointers[])() = {quick, quick};
task<> looks_up(const char *name) {
  co_await tick();
  for (const Command &c : commands)
    if (c.name == name)
      c.run();
}
task<> looks_up_quick_ones(int n) {
  co_await tick();
  for (auto &c : quick_ones)
    c.run();
  quick_ones[n].run();
  pointers[n]();
}

// Every operator() of a visitor, of its own or of its bases.
struct Nothing {};
struct Wait {
  int seconds;
};
struct Visitor {
  void operator()(Nothing) const {}
  void operator()(Wait w) const { std::this_thread::sleep_for(w.seconds * 1s); } // finding: blocking-call-in-coroutine
};
template <class... F> struct overloaded : F... {
  using F::operator()...;
};
template <class... F> overloaded(F...) -> overloaded<F...>;
task<> visits(std::variant<Nothing, Wait> v) {
  co_await tick();
  std::visit(Visitor{}, v);
  std::visit(overloaded{[](Nothing) {},
                        [](Wait w) { std::this_thread::sleep_for(w.seconds * 1s); }}, // finding: blocking-call-in-coroutine
             v);
}
