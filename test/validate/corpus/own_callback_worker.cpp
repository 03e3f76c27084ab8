// What a loop's handlers hand to a worker blocks nobody's loop, and a call that is fast blocks nothing.
// verdict: none
#include "own.h"

static void turn(int queue, int times) {
  epoll_event event;
  for (int i = 0; i < times; ++i) {
    epoll_wait(queue, &event, 1, 5);
    usleep(1);
  }
}

static void store() { usleep(100'000); }

int main() {
  int queue = epoll_create1(0);
  std::jthread worker(store);
  turn(queue, 5);
  close(queue);
}
