// The handler writes a field of a struct while the program may be copying the whole.
// tsan: silent
// tsan-why: the handler runs in the thread that it interrupts, and ThreadSanitizer compares threads
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>

struct point {
  int x, y;
};

static struct point last;

static void on_alarm(int number) {
  last.x = number; // RACE(last)
}

int main(void) {
  struct sigaction action = {.sa_handler = on_alarm};
  struct itimerval soon = {.it_value = {0, 1000}};
  struct point seen = {0, 0};
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &soon, NULL);
  for (long i = 0; i < 3000000 && seen.x == 0; i++)
    seen = last; // RACE(last)
  return 0;
}
