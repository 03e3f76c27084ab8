// After its loop, main() calls a function that blocks. Nobody waits for that loop any more: from there control does not
// come back to the wait, though main() is the function that waited.
// builds: clang-O0 clang-O2 gcc-O0 gcc-O2
// verdict: none
#include <sys/epoll.h>
#include <unistd.h>

static void shut_down() { usleep(100'000); }

int main() {
  int queue = epoll_create1(0);
  epoll_event event;
  for (int i = 0; i < 3; ++i) epoll_wait(queue, &event, 1, 1);
  shut_down();
}
