// A lock-free atomic may be shared between handler and program: no race.
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

static atomic_int alarms;

static void on_alarm(int number) {
  (void)number;
  atomic_fetch_add(&alarms, 1);
}

int main(void) {
  struct sigaction action = {.sa_handler = on_alarm};
  struct itimerval soon = {.it_value = {0, 1000}};
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &soon, NULL);
  for (long i = 0; i < 3000000 && atomic_load(&alarms) == 0; i++)
    ;
  return 0;
}
