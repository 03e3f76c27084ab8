// A loop as servers in C have it, in main(): handlers behind a table, by descriptor, and timers. What blocks in one is
// listed, with the stall that it makes; what main() does before and after is not, nor is the read of the descriptor that
// poll() has called ready.
// builds: clang-O0 clang-O2 gcc-O0 gcc-O2
// stall: 100ms
#include <ctime>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct events {
  pollfd wanted[4];
  void (*handlers[4])(int);
  unsigned count, turns;
};

static void store(int descriptor) {
  eventfd_t count;
  eventfd_read(descriptor, &count);
  usleep(80'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop 7 times"
  eventfd_write(descriptor, 1);
}
static volatile unsigned work;
static void compute() { // of its own time, and on one line: a thread on a busy machine is most often halted at a system call
  for (auto end = clock() + 300'000; clock() < end;) for (int i = 0; i < 1'000'000; ++i) work = work + 1; // unpredicted: stall
}
static void load() {
  usleep(80'000);
  work = work + 1;
}
static void save() {
  usleep(80'000);
  work = work + 1;
}

static int run(events &all) {
  int calls = 0;
  for (unsigned turn = 0; turn < all.turns; ++turn) {
    int ready = poll(all.wanted, all.count, 1);
    for (unsigned i = 0; ready > 0 && i < all.count; ++i) {
      if (!(all.wanted[i].revents & POLLIN))
        continue;
      all.handlers[i](all.wanted[i].fd);
      ++calls;
    }
    if (turn == 4)
      compute();
  }
  return calls;
}

int main() {
  events all{};
  int wake = eventfd(1, 0), silent = eventfd(0, 0);
  all.wanted[0] = {silent, POLLIN, 0};
  all.wanted[1] = {wake, POLLIN, 0};
  all.handlers[0] = all.handlers[1] = store;
  all.count = 2;
  all.turns = 7;
  load();
  int calls = run(all);
  save();
  return calls == 7 ? 0 : 1;
}
