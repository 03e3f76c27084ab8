// All ways to a call that waits count: the surest gives the confidence, and the shortest of those the witness.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <sys/socket.h>
#include <unistd.h>

// The first way does not wait, the second does.
void receive(int fd, char *buffer, int flags) { ::recv(fd, buffer, 16, flags); } // finding: blocking-call-in-coroutine likely "coroutine 'both_flags'"
void twice(int fd, char *buffer, int flags) {
  receive(fd, buffer, flags);
  receive(fd, buffer, 0);
}
task<> both_flags(int fd, char *buffer) {
  twice(fd, buffer, MSG_DONTWAIT);
  co_await tick();
}
// Neither does.
void receive_now(int fd, char *buffer, int flags) { ::recv(fd, buffer, 16, flags); }
void twice_now(int fd, char *buffer, int flags) {
  receive_now(fd, buffer, flags);
  receive_now(fd, buffer, MSG_DONTWAIT | MSG_PEEK);
}
task<> never_waits(int fd, char *buffer) {
  twice_now(fd, buffer, MSG_DONTWAIT);
  co_await tick();
}
// Two parameters, and each caller spares it one of the waits.
void either(unsigned seconds, int fd, char *buffer, int flags) {
  ::sleep(seconds);
  ::recv(fd, buffer, 16, flags);
}
task<> spares_the_sleep(int fd, char *buffer) {
  either(0, fd, buffer, MSG_DONTWAIT);
  co_await tick();
}
void one_of_both(unsigned seconds, int fd, char *buffer, int flags) {
  ::sleep(seconds); // finding: blocking-call-in-coroutine likely "coroutine 'sleeps'"
  ::recv(fd, buffer, 16, flags);
}
task<> sleeps(int fd, char *buffer) {
  co_await tick();
  one_of_both(1, fd, buffer, MSG_DONTWAIT);
}
// Through recursion, with the flags unchanged or not.
void again(int fd, char *buffer, int flags, int n) {
  ::recv(fd, buffer, 16, flags);
  if (n > 0)
    again(fd, buffer, flags, n - 1);
}
task<> recurses_without_waiting(int fd, char *buffer) {
  again(fd, buffer, MSG_DONTWAIT, 3);
  co_await tick();
}
void again_with_less(int fd, char *buffer, int flags, int n) {
  ::recv(fd, buffer, 16, flags); // finding: blocking-call-in-coroutine likely
  if (n > 0)
    again_with_less(fd, buffer, 0, n - 1);
}
task<> recurses_and_waits(int fd, char *buffer) {
  again_with_less(fd, buffer, MSG_DONTWAIT, 3);
  co_await tick();
}

// A short way that is only possible, and a longer one that is sure.
struct Base {
  virtual ~Base() = default;
  virtual void run() = 0;
};
template <int n> struct Fast : Base {
  int sum = n;
  void run() override { ++sum; }
};
template struct Fast<1>;
template struct Fast<2>;
template struct Fast<3>;
template struct Fast<4>;
template struct Fast<5>;
template struct Fast<6>;
template struct Fast<7>;
template struct Fast<8>;
template struct Fast<9>;
struct Slow final : Base {
  void run() override { ::usleep(9); } // finding: blocking-call-in-coroutine "calls 'on_the_way'" "calls 'last'"
};
void last() { Slow().run(); }
void on_the_way() { last(); }
task<> by_both(Base &b) {
  b.run();
  on_the_way();
  co_await tick();
}
// Only the virtual call leads there.
struct Rare : Base {
  void run() override { ::usleep(9); } // finding: blocking-call-in-coroutine possible
};
Fast<1> f1;
Fast<2> f2;
Fast<3> f3;
Fast<4> f4;
Fast<5> f5;
Fast<6> f6;
Fast<7> f7;
Fast<8> f8;
Rare rare;
task<> by_the_virtual_call(Base &b) {
  b.run();
  co_await tick();
}

// The shorter of two sure ways.
void leaf() { ::usleep(1); } // finding: blocking-call-in-coroutine "calls 'leaf'" "also reached from coroutine 'goes_around'"
void around_1() { leaf(); }
void around_2() { around_1(); }
task<> goes_around() {
  around_2();
  co_await tick();
}
task<> goes_straight() {
  leaf();
  co_await tick();
}

// A helper below another helper that waits belongs to it, by whatever ways from there; unless there is a way past it.
void inner() { ::usleep(1); }
void left() { inner(); }
void right() { inner(); }
void outer(bool choice) {
  ::usleep(2); // finding: blocking-call-in-coroutine "'usleep' sleeps too"
  choice ? left() : right();
}
void to_outer() { outer(true); }
task<> calls_outer() {
  outer(false);
  to_outer();
  co_await tick();
}
void inner_2() { ::usleep(1); } // finding: blocking-call-in-coroutine "also reached from coroutine"
void left_2() { inner_2(); }
void right_2() { inner_2(); }
void outer_2() {
  ::usleep(2); // finding: blocking-call-in-coroutine
  left_2();
}
task<> calls_outer_2() {
  outer_2();
  co_await tick();
}
task<> calls_past_it() {
  right_2();
  co_await tick();
}
