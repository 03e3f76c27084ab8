// Handlers of loops that wait for whichever descriptor is ready: the first read of that one does not wait, all else does.
// RUN: %verify %s
#include <functional>
#include <map>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

// In C: a table of functions, called with the descriptor that poll() was asked about.
struct table {
  pollfd wanted[4];
  void (*handlers[4])(int);
  unsigned count;
};
static void drains(int fd) {
  eventfd_t count;
  eventfd_read(fd, &count);
  usleep(1); // finding: blocking-call-in-coroutine "sleeps"
}
static void takes_twice(int fd) {
  char bytes[8];
  recv(fd, bytes, sizeof bytes, 0);
  recv(fd, bytes, sizeof bytes, 0); // finding: blocking-call-in-coroutine likely
}
static void takes_until_it_is_empty(int fd) {
  char bytes[8];
  while (recv(fd, bytes, sizeof bytes, 0) > 0) // finding: blocking-call-in-coroutine likely
    ;
}
static void answers(int fd) {
  char bytes[8];
  ssize_t n = recv(fd, bytes, sizeof bytes, 0);
  send(fd, bytes, n, 0); // finding: blocking-call-in-coroutine likely
}
static int helper(int fd) {
  char byte;
  return recv(fd, &byte, 1, 0) > 0 ? byte : -1;
}
static void by_a_helper(int fd) { helper(fd); }
static void reads_of_the_new_one(int fd) {
  int client = accept(fd, nullptr, nullptr);
  char bytes[8];
  recv(client, bytes, sizeof bytes, 0); // finding: blocking-call-in-coroutine
}
static void poll_loop(table &all) {
  for (;;) {
    int ready = poll(all.wanted, all.count, -1);
    for (unsigned i = 0; ready > 0 && i < all.count; ++i)
      if (all.wanted[i].revents & POLLIN)
        all.handlers[i](all.wanted[i].fd);
  }
}

// Handlers in a map, with what they captured.
class Loop {
public:
  void on(int fd, std::function<void()> handler) { handlers_[fd] = std::move(handler); }
  void run() {
    for (;;) {
      epoll_event events[8];
      int n = epoll_wait(epoll_, events, 8, -1);
      for (int i = 0; i < n; ++i)
        handlers_[events[i].data.fd]();
    }
  }

private:
  int epoll_ = epoll_create1(0);
  std::map<int, std::function<void()>> handlers_;
};
class Session {
public:
  Session(Loop &loop, int fd, int other) : fd_(fd), other_(other) {
    loop.on(fd_, [this] { on_readable(); });
    loop.on(other_, [this] { on_other(); });
    loop.on(other_, [this] { on_the_wrong_one(); });
  }
  void on_readable() {
    char bytes[8];
    recv(fd_, bytes, sizeof bytes, 0);
  }
  void on_other() {
    char bytes[8];
    recv(other_, bytes, sizeof bytes, 0);
    usleep(1); // finding: blocking-call-in-coroutine
  }
  void on_the_wrong_one() {
    char bytes[8];
    recv(fd_, bytes, sizeof bytes, 0); // finding: blocking-call-in-coroutine possible
  }

private:
  int fd_, other_;
};
static void registers(Loop &loop, int fd, int other) {
  loop.on(fd, [fd] {
    char bytes[8];
    recv(fd, bytes, sizeof bytes, 0);
  });
  loop.on(fd, [fd, other] {
    char bytes[8];
    recv(other, bytes, sizeof bytes, 0); // finding: blocking-call-in-coroutine possible
  });
  loop.on(fd, [fd] {
    char bytes[8];
    if (recv(fd, bytes, sizeof bytes, 0) > 0)
      fsync(3); // finding: blocking-call-in-coroutine
  });
}

// Each entry has its descriptor: which entry that is, is not told.
struct Watch {
  int fd;
  void (*ready)(Watch &);
};
static void watch_ready(Watch &watch) {
  char bytes[8];
  recv(watch.fd, bytes, sizeof bytes, 0); // finding: blocking-call-in-coroutine possible
}
static void watch_loop(std::vector<Watch> &all) {
  for (;;) {
    pollfd wanted[2]{{all[0].fd, POLLIN, 0}, {all[1].fd, POLLIN, 0}};
    poll(wanted, 2, -1);
    for (unsigned i = 0; i < 2; ++i)
      if (wanted[i].revents)
        all[i].ready(all[i]);
  }
}

int main(int argc, char **) {
  table all{};
  void (*const some[])(int) = {drains, takes_twice, takes_until_it_is_empty, answers, by_a_helper, reads_of_the_new_one};
  for (unsigned i = 0; i < 4; ++i)
    all.handlers[i] = some[i + argc];
  Loop loop;
  Session session(loop, 3, 4);
  registers(loop, 5, 6);
  std::vector<Watch> watches{{7, watch_ready}, {8, watch_ready}};
  if (argc == 1)
    poll_loop(all);
  if (argc == 2)
    watch_loop(watches);
  loop.run();
}
