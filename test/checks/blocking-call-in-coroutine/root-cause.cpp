// One root cause is one finding: a helper, however many coroutines reach it and however often it blocks; a stream.
// RUN: %verify %s
// RUN: %exits 1 %tenterhook check -q --format json %s -- -std=c++20 | FileCheck %s
#include "../Inputs/task.h"
#include <fstream>
#include <thread>
using namespace std::chrono_literals;

// CHECK: "function": "load"
// CHECK: "entries": 12
// CHECK: "message": "also reached from coroutine 'c02'"
// CHECK: "message": "also reached from coroutine 'c12'"
void load() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "also reached from coroutine 'c02'"
void through() { load(); }
#define COROUTINE(name, call) \
  task<> name() {             \
    call();                   \
    co_await tick();          \
  }
COROUTINE(c01, load)
COROUTINE(c02, load)
COROUTINE(c03, load)
COROUTINE(c04, load)
COROUTINE(c05, load)
COROUTINE(c06, load)
COROUTINE(c07, load)
COROUTINE(c08, load)
COROUTINE(c09, load)
COROUTINE(c10, load)
COROUTINE(c11, through)
COROUTINE(c12, through)

// Several blocking calls in a helper.
void copy(const char *from, const char *to) {
  std::ifstream in(from); // finding: blocking-call-in-coroutine "'std::getline' reads a file too" "'std::this_thread::sleep_for' sleeps too"
  std::ofstream out(to);
  for (std::string line; std::getline(in, line);)
    out << line;
  std::this_thread::sleep_for(1s);
}
task<> copies() {
  copy("a", "b");
  co_await tick();
}

// A blocking helper that calls another one: the inner is only reached through the outer.
void inner() { std::this_thread::sleep_for(1s); }
void outer() {
  std::this_thread::sleep_for(2s); // finding: blocking-call-in-coroutine "'std::this_thread::sleep_for' sleeps too"
  inner();
}
task<> calls_the_outer() {
  outer();
  co_await tick();
}

// Reached by itself as well: two root causes.
void shared() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
void uses_shared() {
  std::this_thread::sleep_for(2s); // finding: blocking-call-in-coroutine
  shared();
}
task<> calls_both() {
  shared();
  uses_shared();
  co_await tick();
}

// Two streams in one coroutine.
task<> two_streams(std::string line) {
  std::ifstream a("a"); // finding: blocking-call-in-coroutine
  std::ifstream b("b"); // finding: blocking-call-in-coroutine
  std::getline(a, line);
  std::getline(b, line);
  co_await tick();
}
