// What makes a call not wait may be an argument of the helper around it.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <condition_variable>
#include <fcntl.h>
#include <future>
#include <mutex>
#include <sys/socket.h>
#include <sys/wait.h>
using namespace std::chrono_literals;

struct Queue {
  std::mutex mutex;
  std::condition_variable filled;
  bool try_pop(int &item, const std::chrono::microseconds &timeout = std::chrono::microseconds(0)) {
    std::unique_lock lock(mutex);
    if (!filled.wait_for(lock, timeout, [] { return true; })) // finding: blocking-call-in-coroutine "coroutine 'waits_a_second'"
      return false;
    item = 1;
    return true;
  }
};
task<> does_not_wait(Queue &queue, int item) {
  queue.try_pop(item);
  queue.try_pop(item, 0us);
  co_await tick();
}
task<> waits_a_second(Queue &queue, int item) {
  queue.try_pop(item, 1s);
  co_await tick();
}

long receive(int socket, char *buffer, int flags) { return recv(socket, buffer, 10, flags); }
long receive_now(int socket, char *buffer) { return receive(socket, buffer, MSG_DONTWAIT); }
long receive_some(int socket, char *buffer, int more) { return receive(socket, buffer, more); }
task<> with_the_flag(int socket, char *buffer) {
  receive(socket, buffer, MSG_DONTWAIT | MSG_PEEK);
  receive_now(socket, buffer);
  receive_some(socket, buffer, MSG_DONTWAIT);
  co_await tick();
}

int reap(pid_t child, int options) {
  int status = 0;
  waitpid(child, &status, options); // finding: blocking-call-in-coroutine "coroutine 'waits_for_a_child'"
  return status;
}
task<> polls_a_child(pid_t child) {
  use(reap(child, WNOHANG));
  co_await tick();
}
task<> waits_for_a_child(pid_t child) {
  use(reap(child, 0));
  co_await tick();
}
task<> unknown_options(pid_t child, int options) { // one finding with the other
  use(reap(child, options));
  co_await tick();
}

bool ready_within(std::future<int> &f, std::chrono::milliseconds timeout) {
  timeout += 1ms;
  return f.wait_for(timeout) == std::future_status::ready; // finding: blocking-call-in-coroutine
}
task<> changed_on_the_way(std::future<int> f) {
  if (ready_within(f, 0ms))
    co_await tick();
}

// Flags that are put together of what is known and what is not.
task<> adds_the_flag(int socket, char *buffer, int flags, bool peeks) {
  recv(socket, buffer, 10, flags | MSG_DONTWAIT);
  recv(socket, buffer, 10, (peeks ? MSG_PEEK : 0) | MSG_DONTWAIT);
  recv(socket, buffer, 10, peeks ? MSG_DONTWAIT : MSG_DONTWAIT | MSG_PEEK);
  const int kept = MSG_DONTWAIT | flags;
  recv(socket, buffer, 10, kept);
  co_await tick();
}
task<> lacks_the_flag(int socket, char *buffer, int flags) {
  recv(socket, buffer, 10, (flags | MSG_DONTWAIT) & ~MSG_DONTWAIT); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> adds_it_on_one_way(int socket, char *buffer, bool waits) {
  recv(socket, buffer, 10, waits ? 0 : MSG_DONTWAIT); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> adds_another(int socket, char *buffer, int flags) {
  recv(socket, buffer, 10, flags | MSG_PEEK); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> FP_adds_it_later(int socket, char *buffer, int flags) {
  flags = flags | MSG_DONTWAIT;
  recv(socket, buffer, 10, flags); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> opens_so(int type, const sockaddr *to) {
  const int made = socket(AF_INET, type | SOCK_NONBLOCK, 0);
  connect(made, to, 16);
  const int other = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  connect(other, to, 16); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> clears_it(const sockaddr *to) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  fcntl(made, F_SETFL, fcntl(made, F_GETFL) | O_NONBLOCK);
  connect(made, to, 16);
  const int other = socket(AF_INET, SOCK_STREAM, 0);
  fcntl(other, F_SETFL, fcntl(other, F_GETFL) & ~O_NONBLOCK);
  connect(other, to, 16); // finding: blocking-call-in-coroutine
  co_await tick();
}
