// The whole program is a loop around epoll_wait in main(). What its handlers wait for is listed; that main() waits for
// its worker when the loop is over is not.
#include <mutex>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

static std::mutex state;

static void on_event(int descriptor) {
  eventfd_t count;
  eventfd_read(descriptor, &count);
  std::lock_guard guard(state); // unpredicted: blocking-call
}

int main() {
  int queue = epoll_create1(0), wake = eventfd(0, 0);
  epoll_event event{EPOLLIN, {}};
  epoll_ctl(queue, EPOLL_CTL_ADD, wake, &event);
  std::thread worker([wake] {
    {
      std::lock_guard guard(state);
      eventfd_write(wake, 1);
      usleep(200'000);
    }
    usleep(200'000);
  });
  volatile int wanted = 1; // or the compiler makes no loop of it
  for (int events = 0; events < wanted; ++events) {
    epoll_wait(queue, &event, 1, -1);
    on_event(wake);
  }
  worker.join();
}
