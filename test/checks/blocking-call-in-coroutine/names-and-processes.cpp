// Name look-ups and child processes.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <cstdio>
#include <cstdlib>
#include <netdb.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

task<> lookups(addrinfo *hints, addrinfo *result, sockaddr *address, char *host) {
  getaddrinfo("host", "80", hints, &result);           // finding: blocking-call-in-coroutine "waits for a name server" "asynchronous resolver"
  gethostbyname("host");                               // finding: blocking-call-in-coroutine
  getnameinfo(address, 16, host, 10, nullptr, 0, 0);   // finding: blocking-call-in-coroutine
  getnameinfo(address, 16, host, 10, nullptr, 0, NI_NUMERICHOST);
  getnameinfo(address, 16, host, 10, nullptr, 0, NI_NUMERICHOST | NI_NUMERICSERV);
  getnameinfo(address, 16, host, 10, nullptr, 0, NI_NUMERICSERV); // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> processes(pid_t child, int status) {
  std::system("make");             // finding: blocking-call-in-coroutine "runs a shell and waits for it"
  waitpid(child, &status, 0);      // finding: blocking-call-in-coroutine
  wait(&status);                   // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> pipe_to_a_shell() {
  FILE *shell = popen("ls", "r"); // finding: blocking-call-in-coroutine "starts a shell"
  pclose(shell);
  co_await tick();
}
int run(const char *command) { return std::system(command); } // finding: blocking-call-in-coroutine
task<> in_a_helper() {
  use(run("ls"));
  co_await tick();
}

task<> quiet(pid_t child, int status, addrinfo *result) {
  waitpid(child, &status, WNOHANG);
  use(getpid());
  kill(child, 9);
  freeaddrinfo(result);
  use(std::getenv("HOME"));
  co_await tick();
}

// What runs behind `fork() == 0` is another process, whose loop is its own.
pid_t forks() {
  pid_t child = fork();
  if (child == 0)
    signal(SIGINT, SIG_DFL);
  return child;
}
[[noreturn]] void becomes_another() {
  std::system("make");
  _exit(0);
}
task<> the_child(int status) {
  if (fork() == 0) {
    wait(&status);
    _exit(0);
  }
  if (!fork())
    becomes_another();
  pid_t child;
  if ((child = forks()) == 0) {
    usleep(1);
    _exit(0);
  }
  switch (fork()) {
  case 0: usleep(2); _exit(0);
  default: break;
  }
  pid_t other = vfork(); // finding: blocking-call-in-coroutine
  if (other < 0)
    co_return;
  if (other > 0)
    co_await tick();
  else
    becomes_another();
}
task<> the_parent(int status) {
  pid_t child = fork();
  if (child > 0)
    wait(&status); // finding: blocking-call-in-coroutine
  if (child != 0)
    usleep(1); // finding: blocking-call-in-coroutine
  if (child < 0)
    usleep(2); // finding: blocking-call-in-coroutine
  switch (fork()) {
  case 0: _exit(0);
  default: usleep(3); // finding: blocking-call-in-coroutine
  }
  if (getpid() == 0)
    usleep(4); // finding: blocking-call-in-coroutine
  fork();
  usleep(5); // finding: blocking-call-in-coroutine
  co_await tick();
}
