// poll() that does not wait says that there are data: the first read of the same descriptor then does not wait either.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <poll.h>
#include <unistd.h>

task<> asks_first(int fd, char *b) {
  pollfd one{fd, POLLIN, 0};
  if (::poll(&one, 1, 0) > 0)
    ::read(fd, b, 9);
  co_await tick();
}
task<> asks_by_member(int fd, char *b) {
  pollfd one = {};
  one.fd = fd;
  one.events = POLLIN | POLLPRI;
  const int ready = ::poll(&one, 1, 0);
  if (ready == 1 && (one.revents & POLLIN))
    ::read(one.fd, b, 9);
  co_await tick();
}
task<> leaves_otherwise(int fd, char *b) {
  pollfd one{fd, POLLIN, 0};
  if (::poll(&one, 1, 0) <= 0)
    co_return;
  ::read(fd, b, 9);
  co_await tick();
}
task<> takes_all(int fd, char *b) {
  pollfd one{fd, POLLIN, 0};
  while (::poll(&one, 1, 0) > 0)
    ::read(fd, b, 9);
  co_await tick();
}

task<> asks_and_does_not_look(int fd, char *b) {
  pollfd one{fd, POLLIN, 0};
  ::poll(&one, 1, 0);
  ::read(fd, b, 9); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> asks_of_another(int fd, int other, char *b) {
  pollfd one{fd, POLLIN, 0};
  if (::poll(&one, 1, 0) > 0)
    ::read(other, b, 9); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> asks_whether_it_may_write(int fd, char *b) {
  pollfd one{fd, POLLOUT, 0};
  if (::poll(&one, 1, 0) > 0)
    ::read(fd, b, 9); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> asks_of_two(int fd, int other, char *b) {
  pollfd two[2] = {{fd, POLLIN, 0}, {other, POLLIN, 0}};
  if (::poll(two, 2, 0) > 0)
    ::read(fd, b, 9); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> reads_twice(int fd, char *b) {
  pollfd one{fd, POLLIN, 0};
  if (::poll(&one, 1, 0) > 0) {
    ::read(fd, b, 9);
    ::read(fd, b, 9); // finding: blocking-call-in-coroutine
  }
  co_await tick();
}
task<> reads_on(int fd, char *b) {
  pollfd one{fd, POLLIN, 0};
  if (::poll(&one, 1, 0) > 0)
    while (::read(fd, b, 9) > 0) // finding: blocking-call-in-coroutine
      ;
  co_await tick();
}
task<> there_was_none(int fd, char *b) {
  pollfd one{fd, POLLIN, 0};
  if (::poll(&one, 1, 0) == 0)
    ::read(fd, b, 9); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> is_another_by_now(int fd, char *b) {
  pollfd one{fd, POLLIN, 0};
  if (::poll(&one, 1, 0) > 0) {
    fd = ::dup(3);
    ::read(fd, b, 9); // finding: blocking-call-in-coroutine
  }
  co_await tick();
}
task<> waits_for_it(int fd, char *b) {
  pollfd one{fd, POLLIN, 0};
  if (::poll(&one, 1, -1) > 0) // finding: blocking-call-in-coroutine
    ::read(fd, b, 9);
  co_await tick();
}
