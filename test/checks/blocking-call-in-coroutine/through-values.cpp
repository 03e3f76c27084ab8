// Targets behind values: visitors, generic lambdas, maps and vectors of handlers, tables of operations.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>
struct Null {}; struct Disk { int fd; };
template <class... F> struct overloaded : F... { using F::operator()...; };
template <class... F> overloaded(F...) -> overloaded<F...>;
task<> visits(std::variant<Null, Disk> v) {
  std::visit(overloaded{[](Null) {}, [](Disk d) { ::fsync(d.fd); }}, v); // finding: blocking-call-in-coroutine
  std::visit([](auto &x) { if constexpr (requires { x.fd; }) ::fdatasync(x.fd); }, v); // finding: blocking-call-in-coroutine
  std::visit([](auto) {}, v);
  auto visitor = [](auto &x) { if constexpr (requires { x.fd; }) ::fsync(x.fd); }; // finding: blocking-call-in-coroutine
  std::visit(visitor, v);
  co_await tick();
}
struct Handlers {
  std::map<std::string, std::function<void(int)>> by_name;
  std::vector<std::pair<int, std::function<void()>>> list;
  std::optional<std::function<void()>> maybe;
  void (*plain)(int) = nullptr;
  Handlers() {
    by_name["a"] = [](int n) { ::usleep(n); }; // finding: blocking-call-in-coroutine
    by_name.emplace("b", [](int n) { ::usleep(n); }); // finding: blocking-call-in-coroutine
    list.push_back({1, [] { ::usleep(3); }}); // finding: blocking-call-in-coroutine
    maybe = [] { ::usleep(4); }; // finding: blocking-call-in-coroutine
    plain = [](int n) { ::usleep(n); }; // finding: blocking-call-in-coroutine
  }
};
task<> calls(Handlers &h, const std::string &name) {
  if (auto it = h.by_name.find(name); it != h.by_name.end()) it->second(3);
  for (auto &[n, f] : h.list) f();
  if (h.maybe) (*h.maybe)();
  if (h.plain) h.plain(3);
  co_await tick();
}
struct Ops { int (*open)(int); void (*close)(); };
static int slow_open(int n) { return ::usleep(n); } // finding: blocking-call-in-coroutine
static int quick_open(int n) { return n; }
static void nothing() {}
static const Ops slow_ops = {.open = slow_open, .close = nothing};
static const Ops quick_ops = {.open = quick_open, .close = nothing};
struct Device { const Ops *ops; };
task<> device(int n) {
  Device a{&slow_ops}, b{&quick_ops};
  b.ops->open(n);
  a.ops->open(n);
  co_await tick();
}
static int slow_open2(int n) { return ::usleep(n); } // finding: blocking-call-in-coroutine
using fn = int (*)(int);
static const fn table[] = {slow_open2, quick_open};
static const fn quick_table[] = {quick_open, quick_open};
task<> by_index(int n) {
  table[n](1);
  quick_table[n](1);
  co_await tick();
}
