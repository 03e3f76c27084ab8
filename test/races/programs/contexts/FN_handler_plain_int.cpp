// The handler may run anywhere in main's loop, and writes a plain int that main reads: unsequenced with a signal handler.
// tsan: silent
// tsan-why: the handler runs in the thread that it interrupts, and ThreadSanitizer compares threads
#include <csignal>
#include <sys/time.h>

static int alarms;

static void on_alarm(int) {
  alarms = alarms + 1; // RACE(alarms)
}

int main() {
  std::signal(SIGALRM, on_alarm);
  itimerval soon{};
  soon.it_value.tv_usec = 1000;
  setitimer(ITIMER_REAL, &soon, nullptr);
  for (long i = 0; i < 3000000 && alarms == 0; ++i) { // RACE(alarms)
  }
  return 0;
}
