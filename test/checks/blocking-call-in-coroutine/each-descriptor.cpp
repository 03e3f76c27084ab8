// The mode is a descriptor's own: what is known of one says nothing of another.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

int make() { return ::socket(AF_INET, SOCK_STREAM, 0); }
int make_async() { return ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); }

// Two in one function.
task<> two(char *buffer) {
  int plain = make(), quick = make_async();
  recv(plain, buffer, 9, 0); // finding: blocking-call-in-coroutine likely
  recv(quick, buffer, 9, 0);
  co_await tick();
}
task<> the_other_is_switched(char *buffer, int a, int b) {
  fcntl(a, F_SETFL, O_NONBLOCK);
  recv(a, buffer, 9, 0);
  recv(b, buffer, 9, 0); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> switched_too_late(char *buffer) {
  int fd = make();
  recv(fd, buffer, 9, 0); // finding: blocking-call-in-coroutine likely
  fcntl(fd, F_SETFL, O_NONBLOCK);
  co_await tick();
}
task<> switched_in_the_round_before(char *buffer) {
  int fd = make();
  for (bool first = true;; first = false) {
    if (!first)
      recv(fd, buffer, 9, 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    co_await tick();
  }
}

// Two classes, by their members' initialisers, constructors and helpers.
struct Plain {
  int fd = make();
  long pull(char *b) { return ::recv(fd, b, 9, 0); } // finding: blocking-call-in-coroutine likely
};
struct Quick {
  int fd = make_async();
  long pull(char *b) { return ::recv(fd, b, 9, 0); }
};
struct Given {
  explicit Given(int fd) : fd(fd) {}
  int fd;
  long pull(char *b) { return ::recv(fd, b, 9, 0); }
};
struct Aggregate {
  int fd;
  int flags;
};
struct Outer {
  Aggregate inner;
};
long pull(Outer &o, char *b) { return ::recv(o.inner.fd, b, 9, 0); }
task<> classes(char *b) {
  Plain p;
  p.pull(b);
  Quick q;
  q.pull(b);
  Given g(make_async());
  g.pull(b);
  Outer o;
  o.inner.fd = make_async();
  pull(o, b);
  co_await tick();
}

// One helper, given both.
long helper(int fd, char *b) { return ::recv(fd, b, 9, 0); } // finding: blocking-call-in-coroutine likely "coroutine 'gives_a_plain_one'"
task<> gives_a_quick_one(char *b) {
  helper(make_async(), b);
  co_await tick();
}
task<> gives_a_plain_one(char *b) {
  helper(make(), b);
  co_await tick();
}

// Copies, clients, ends of pipes, standard input.
task<> copies(char *b) {
  int quick = dup(make_async());
  recv(quick, b, 9, 0);
  int plain = dup(make());
  recv(plain, b, 9, 0); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> clients(int listener, char *b) {
  int quick = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK); // finding: blocking-call-in-coroutine likely
  recv(quick, b, 9, 0);
  int plain = accept(listener, nullptr, nullptr);
  recv(plain, b, 9, 0); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> standard_input(char *b) {
  fcntl(0, F_SETFL, O_NONBLOCK);
  read(0, b, 9);
  co_await tick();
}

// A socket without connections connects at once.
task<> connects(const sockaddr *to) {
  int datagrams = ::socket(AF_INET, SOCK_DGRAM, 0);
  ::connect(datagrams, to, sizeof *to);
  int stream = ::socket(AF_INET, SOCK_STREAM, 0);
  ::connect(stream, to, sizeof *to); // finding: blocking-call-in-coroutine likely
  co_await tick();
}

// Known false alarm: of a library's struct the facts list no fields, so an initialiser does not tell which it sets.
task<> FP_designated(addrinfo *found) {
  addrinfo at_once{.ai_flags = AI_NUMERICHOST};
  ::getaddrinfo("10.0.0.1", "22", &at_once, &found); // finding: blocking-call-in-coroutine
  co_await tick();
}
struct InBraces {
  struct {
    int fd;
  } inner;
};
task<> nested_braces(char *b) {
  InBraces o{{make_async()}};
  ::recv(o.inner.fd, b, 9, 0);
  co_await tick();
}

// Numbers need no look-up.
task<> looks_up(addrinfo *found) {
  addrinfo numeric{};
  numeric.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  ::getaddrinfo("10.0.0.1", "22", &numeric, &found);
  addrinfo passive{};
  passive.ai_flags = AI_PASSIVE;
  ::getaddrinfo("host", "22", &passive, &found); // finding: blocking-call-in-coroutine
  addrinfo changed{};
  changed.ai_flags = AI_NUMERICHOST;
  changed.ai_flags = AI_PASSIVE;
  ::getaddrinfo("host", "22", &changed, &found); // finding: blocking-call-in-coroutine
  ::getaddrinfo("host", "22", nullptr, &found);  // finding: blocking-call-in-coroutine
  co_await tick();
}
