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
