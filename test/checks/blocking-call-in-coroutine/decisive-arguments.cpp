// What makes a call not wait may be an argument of the helper around it.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <condition_variable>
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
