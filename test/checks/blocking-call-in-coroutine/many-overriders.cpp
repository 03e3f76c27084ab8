// A method that many classes override, called in several places: all bodies are one set of targets. Each body is told once,
// from both coroutines; what only a pool calls is silent, and so is a body that the calls' argument keeps from waiting.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <thread>
#include <unistd.h>

struct job {
  virtual void run(int);
};
void rest() { ::usleep(1); } // finding: blocking-call-in-coroutine possible
struct one : job { void run(int) override { rest(); } };
struct two : job { void run(int) override { rest(); } };
struct three : job { void run(int) override { ::usleep(3); } }; // finding: blocking-call-in-coroutine possible "'other_coroutine'"
struct four : job { void run(int) override {} };
struct five : job { void run(int) override {} };
struct six : job { void run(int) override {} };
struct seven : job { void run(int) override {} };
struct eight : job { void run(int) override {} };
struct nine : job { void run(int) override {} };
struct ten : job { void run(int n) override { if (n) ::usleep(10); } };
struct again : job { // one of the set calls the set
  job &inner;
  explicit again(job &j) : inner(j) {}
  void run(int n) override { inner.run(n); }
};
void through(job &j) { j.run(0); }
task<> coroutine(job &j) {
  through(j);
  co_await tick();
}
task<> other_coroutine(job &j) {
  j.run(0);
  co_await tick();
}
struct apart {
  virtual void run(int);
};
#define APART(name) struct name : apart { void run(int) override { ::usleep(1); } };
APART(apart1) APART(apart2) APART(apart3) APART(apart4) APART(apart5) APART(apart6) APART(apart7) APART(apart8) APART(apart9)
void on_a_thread(apart &a) {
  std::thread([&] { a.run(1); }).detach();
}
