// Sockets: POSIX calls, and what makes them return at once.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

int dial() { return socket(AF_INET, SOCK_STREAM, 0); }

task<> client(const sockaddr *address, char *buffer) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  connect(fd, address, sizeof(*address)); // finding: blocking-call-in-coroutine likely "waits for a connection"
  co_await tick();
}
task<> transfers(int a, int b, int c, int d, char *buffer, msghdr *message) {
  send(a, buffer, 10, 0);                          // finding: blocking-call-in-coroutine "waits until a socket takes data"
  recv(b, buffer, 10, MSG_PEEK);                   // finding: blocking-call-in-coroutine "set the descriptor to O_NONBLOCK"
  sendmsg(c, message, 0);                          // finding: blocking-call-in-coroutine
  recvfrom(d, buffer, 10, 0, nullptr, nullptr);    // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> server(int listener) {
  use(accept(listener, nullptr, nullptr)); // finding: blocking-call-in-coroutine "waits for a client"
  co_await tick();
}
task<> multiplexers(pollfd *fds, epoll_event *events, int epoll, fd_set *set, timeval *time) {
  poll(fds, 1, -1);                          // finding: blocking-call-in-coroutine "waits for descriptors"
  epoll_wait(epoll, events, 1, 1000);        // finding: blocking-call-in-coroutine
  select(3, set, nullptr, nullptr, time);    // finding: blocking-call-in-coroutine
  co_await tick();
}

// Flags and timeouts with which the call does not wait.
task<> flags(int fd, char *buffer, msghdr *message, pollfd *fds, epoll_event *events, int epoll) {
  send(fd, buffer, 10, MSG_DONTWAIT);
  recv(fd, buffer, 10, MSG_DONTWAIT | MSG_PEEK);
  recvmsg(fd, message, MSG_DONTWAIT);
  poll(fds, 1, 0);
  epoll_wait(epoll, events, 1, 0);
  bind(fd, nullptr, 0);
  listen(fd, 5);
  shutdown(fd, SHUT_RDWR);
  close(fd);
  co_await tick();
}
// No time to wait, in a structure.
task<> no_time_to_wait(pollfd *fds, fd_set *set) {
  timeval none{0, 0}, written, *pointer = &written;
  select(3, set, nullptr, nullptr, &none);
  written.tv_sec = 0;
  written.tv_usec = 0;
  select(3, set, nullptr, nullptr, &written);
  select(3, set, nullptr, nullptr, pointer);
  static const timespec at_once{};
  ppoll(fds, 1, &at_once, nullptr);
  co_await tick();
}
void fill(timeval *time);
task<> some_time_to_wait(pollfd *fds, fd_set *set) {
  timeval some{0, 5}, filled{0, 0};
  select(3, set, nullptr, nullptr, &some); // finding: blocking-call-in-coroutine
  fill(&filled);
  select(3, set, nullptr, nullptr, &filled); // finding: blocking-call-in-coroutine
  select(3, set, nullptr, nullptr, nullptr); // finding: blocking-call-in-coroutine
  ppoll(fds, 1, nullptr, nullptr);           // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> a_second_to_wait(pollfd *fds) {
  timespec second{1, 0};
  ppoll(fds, 1, &second, nullptr); // finding: blocking-call-in-coroutine
  co_await tick();
}
