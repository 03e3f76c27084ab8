// After its loop, main() calls a function that blocks. Right would be to list nothing: nobody waits for that loop any
// more. But a trace does not say when a loop was left, and main() is the function that waited for events.
#include <sys/epoll.h>
#include <unistd.h>

static void shut_down() {
  usleep(20'000); // unpredicted: blocking-call
}

int main() {
  int queue = epoll_create1(0);
  epoll_event event;
  for (int i = 0; i < 3; ++i) epoll_wait(queue, &event, 1, 1);
  shut_down();
}
