// Ways of a descriptor: constructors, members, parameters, returns, function pointers, coroutines; classes that are made
// elsewhere; objects of one class that are switched and others that are not.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <fcntl.h>
#include <memory>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

int make() { return ::socket(AF_INET, SOCK_STREAM, 0); }
int make_async() { return ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); }
void set_async(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

// Made elsewhere: what its members start with is written here.
struct MadeElsewhere {
  int fd = make_async();
  long pull(char *b) { return ::recv(fd, b, 9, 0); }
};
struct PlainElsewhere {
  int fd = make();
  long pull(char *b) { return ::recv(fd, b, 9, 0); } // finding: blocking-call-in-coroutine likely
};
template <int Flags> struct Policy {
  int fd = ::socket(AF_INET, SOCK_STREAM | Flags, 0);
  long pull(char *b) { return ::recv(fd, b, 9, 0); } // finding: blocking-call-in-coroutine likely "coroutine 'elsewhere'"
};
task<> elsewhere(MadeElsewhere &a, PlainElsewhere &b, Policy<SOCK_NONBLOCK> &c, Policy<0> &d, char *buffer) {
  a.pull(buffer);
  b.pull(buffer);
  c.pull(buffer);
  d.pull(buffer);
  co_await tick();
}

// Through a constructor, which switches it after it was kept.
struct Entry {
  void *loop;
  int fd;
};
class Async {
  std::unique_ptr<Entry> at_;
  static bool ask(Entry *e, int fd, char *b) { (void)e; return ::recv(fd, b, 9, 0) > 0; }
  static int take(int fd) { return ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK); }

public:
  explicit Async(int fd) : at_(std::make_unique<Entry>(Entry{this, fd})) { set_async(fd); }
  task<> reads(char *b) {
    bool (*question)(Entry *, int, char *) = ask;
    question(at_.get(), at_->fd, b);
    int (*taker)(int) = take;
    taker(at_->fd);
    co_await tick();
  }
};
task<> through_a_constructor(char *b) {
  Async a(make());
  co_await a.reads(b);
}

// An owner with a move constructor and a getter.
class Fd {
  int fd_ = -1;

public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd &&o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
  ~Fd();
  int get() const { return fd_; }
  operator int() const { return fd_; }
};
class Session {
  Fd fd_;

public:
  explicit Session(Fd fd) : fd_(std::move(fd)) {}
  task<> run(char *b) {
    ::recv(fd_.get(), b, 9, 0);
    ::recv(fd_, b, 9, 0);
    co_await tick();
  }
};
task<> owned(char *b) {
  Session s{Fd(make_async())};
  co_await s.run(b);
}

// As a coroutine's parameter.
task<> session(int fd, char *b) {
  ::recv(fd, b, 9, 0);
  co_await tick();
}
task<> plain_session(int fd, char *b) {
  ::recv(fd, b, 9, 0); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> accepts(int listener, char *b) {
  set_async(listener);
  int client = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  co_await session(client, b);
  co_await plain_session(::accept(listener, nullptr, nullptr), b);
}

// In a lambda, by a pointer, in an array, by ioctl.
task<> others(char *b) {
  int fd = make_async();
  auto pull = [fd, b] { return ::recv(fd, b, 9, 0); };
  pull();
  int *p = &fd;
  ::recv(*p, b, 9, 0);
  int two[2] = {make_async(), make_async()};
  ::recv(two[1], b, 9, 0);
  int on = 1, third = make();
  ::ioctl(third, FIONBIO, &on);
  ::recv(third, b, 9, 0);
  co_await tick();
}

// One class, objects of both modes.
class Conn {
  int fd_;

public:
  explicit Conn(int fd) : fd_(fd) {}
  void switch_it() { set_async(fd_); }
  long pull(char *b) { return ::recv(fd_, b, 9, 0); } // finding: blocking-call-in-coroutine likely "coroutine 'one_is_not_switched'"
};
task<> one_is_switched(char *b) {
  Conn c(make());
  c.switch_it();
  c.pull(b);
  co_await tick();
}
task<> one_is_not_switched(char *b) {
  Conn c(make());
  c.pull(b);
  co_await tick();
}

// Datagrams: connect() only notes the address.
class Udp {
  int fd_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

public:
  void open(const sockaddr *to) { ::connect(fd_, to, sizeof *to); }
};
class Tcp {
  int fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

public:
  void open(const sockaddr *to) { ::connect(fd_, to, sizeof *to); } // finding: blocking-call-in-coroutine likely
};
task<> connects(Udp &u, Tcp &t, const sockaddr *to) {
  u.open(to);
  t.open(to);
  co_await tick();
}
