// Descriptors that the program made non-blocking, at their birth or later. That it does so elsewhere says nothing of a
// descriptor of unknown origin.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

task<> from_the_start(char *buffer, const sockaddr *address) {
  int a = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  connect(a, address, sizeof(*address));
  int b = open("/dev/tty", O_RDWR | O_NONBLOCK); // a pipe or a device: no one asks that of a file
  read(b, buffer, 10);
  const int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  int c = accept4(a, nullptr, nullptr, flags);
  send(c, buffer, 10, 0);
  int d = eventfd(0, EFD_NONBLOCK);
  read(d, buffer, 8);
  int e[2];
  pipe2(e, O_NONBLOCK);
  read(e[0], buffer, 8);
  co_await tick();
}

task<> switched(int fd, char *buffer) {
  fcntl(fd, F_SETFL, O_NONBLOCK);
  read(fd, buffer, 10);
  co_await tick();
}
task<> switched_keeping_flags(int fd, char *buffer) {
  int flags = fcntl(fd, F_GETFL, 0);
  fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  write(fd, buffer, 10);
  co_await tick();
}
task<> switched_by_ioctl(int fd, char *buffer) {
  int on = 1;
  ioctl(fd, FIONBIO, &on);
  read(fd, buffer, 10);
  co_await tick();
}

void set_nonblocking(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }
void set_options(int descriptor) { set_nonblocking(descriptor); }
task<> by_a_helper(int fd, char *buffer) {
  set_options(fd);
  read(fd, buffer, 10);
  co_await tick();
}

struct Connection {
  int fd_;
  explicit Connection(int fd) : fd_(fd) { set_nonblocking(fd_); }
  task<> receive(char *buffer) {
    recv(fd_, buffer, 10, 0);
    co_await tick();
  }
};

int make_socket() { return socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0); }
task<> from_a_factory(char *buffer) {
  int fd = make_socket();
  recv(fd, buffer, 10, 0);
  co_await tick();
}

// Kept in a field, given to a constructor, handed on.
int make_eventfd() {
  int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return fd;
}
class Wakeup {
  int fd_ = make_eventfd();

public:
  task<> drain(char *buffer) {
    read(fd_, buffer, 8);
    co_await tick();
  }
};
Wakeup g_wakeup;
class Channel {
public:
  explicit Channel(int fd) : fd_(fd) {}
  task<> drain(char *buffer) {
    read(fd_, buffer, 8);
    co_await tick();
  }

private:
  int fd_;
};
Channel make_channel() { return Channel(make_eventfd()); }
void drain(int fd, char *buffer) { read(fd, buffer, 8); }
task<> hands_it_on(char *buffer) {
  drain(make_eventfd(), buffer);
  co_await tick();
}

// Known to block, and unknown.
task<> blocking(char *buffer) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  recv(fd, buffer, 10, 0); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> unknown(int fd, char *buffer) {
  recv(fd, buffer, 10, 0); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> switched_back(int fd, char *buffer) {
  fcntl(fd, F_SETFL, 0);
  recv(fd, buffer, 10, 0); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
