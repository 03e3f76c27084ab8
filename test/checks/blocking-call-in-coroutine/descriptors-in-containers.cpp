// Descriptors that are kept in arrays and containers, switched one by one there; few bytes into new pipes.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <array>
#include <fcntl.h>
#include <span>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

// Both ends are switched in a loop over them, as libraries do that know no pipe2.
class Ends {
  std::array<int, 2> fds_{-1, -1};

public:
  Ends() {
    ::pipe(fds_.data());
    for (const auto &fd : fds_)
      fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  }
  const int &in() const { return fds_[1]; }
  long put(const char *b, unsigned long n) { return ::write(in(), b, n); }
  long take(char *b) { return ::read(fds_[0], b, 8); }
};
task<> switched_in_a_loop(char *b, unsigned long n) {
  Ends ends;
  ends.put(b, n);
  ends.take(b);
  co_await tick();
}
class PlainEnds {
  std::array<int, 2> fds_{-1, -1};

public:
  PlainEnds() { ::pipe(fds_.data()); }
  const int &in() const { return fds_[1]; }
  long put(const char *b, unsigned long n) { return ::write(in(), b, n); } // finding: blocking-call-in-coroutine likely
  long take(char *b) { return ::read(fds_[0], b, 8); }                     // finding: blocking-call-in-coroutine likely
};
task<> not_switched(char *b, unsigned long n) {
  PlainEnds ends;
  ends.put(b, n);
  ends.take(b);
  co_await tick();
}

// By index, by iterator, by pointer; in a vector, in a plain array.
task<> by_iterator(char *b) {
  std::vector<int> fds(2);
  ::pipe(fds.data());
  for (auto it = fds.begin(); it != fds.end(); ++it)
    fcntl(*it, F_SETFL, O_NONBLOCK);
  read(fds[0], b, 8);
  co_await tick();
}
task<> by_pointer(char *b) {
  int fds[2];
  ::socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
  for (int *p = fds; p != fds + 2; ++p)
    fcntl(*p, F_SETFL, O_NONBLOCK);
  read(fds[0], b, 8);
  co_await tick();
}
task<> by_at_and_front(char *b) {
  std::array<int, 2> fds;
  ::pipe2(&fds.front(), O_NONBLOCK);
  read(fds.at(0), b, 8);
  co_await tick();
}
task<> read_in_a_loop(char *b) {
  std::array<int, 2> quick, plain;
  ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, quick.data());
  ::socketpair(AF_UNIX, SOCK_STREAM, 0, plain.data());
  for (int fd : quick)
    read(fd, b, 8);
  for (int fd : plain)
    read(fd, b, 8); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> the_other_array(char *b) {
  std::array<int, 2> a, c;
  ::pipe(a.data());
  ::pipe(c.data());
  for (int fd : a)
    fcntl(fd, F_SETFL, O_NONBLOCK);
  read(a[0], b, 8);
  read(c[0], b, 8); // finding: blocking-call-in-coroutine likely
  co_await tick();
}

// A new pipe has room for a few bytes: whether such a call waits, only a run can tell.
task<> wakes(char *b) {
  int ends[2];
  ::pipe(ends);
  write(ends[1], b, 1); // finding: blocking-call-in-coroutine possible
  co_await tick();
}
task<> tells(long value) {
  int ends[2];
  ::pipe2(ends, O_CLOEXEC);
  write(ends[1], &value, sizeof value); // finding: blocking-call-in-coroutine possible
  co_await tick();
}
task<> pours(char *b) {
  int ends[2];
  ::pipe(ends);
  write(ends[1], b, 100000); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> pours_who_knows_how_much(char *b, unsigned long n) {
  int ends[2];
  ::pipe(ends);
  write(ends[1], b, n); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> counts() {
  int fd = eventfd(0, 0);
  unsigned long one = 1;
  write(fd, &one, sizeof one); // finding: blocking-call-in-coroutine possible
  co_await tick();
}
task<> given(int end) {
  long value = 42;
  write(end, &value, sizeof value); // finding: blocking-call-in-coroutine possible
  co_await tick();
}
task<> gives() {
  std::array<int, 2> ends{};
  ::pipe(ends.data());
  co_await given(ends[1]);
}
task<> given_either(int end) {
  long value = 42;
  write(end, &value, sizeof value); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> gives_either(int socket) {
  int ends[2];
  ::pipe(ends);
  co_await given_either(ends[1]);
  co_await given_either(::socket(AF_INET, SOCK_STREAM, 0));
  co_await given_either(socket);
}
task<> of_whom_nobody_knows(int fd) {
  write(fd, "x", 1); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
