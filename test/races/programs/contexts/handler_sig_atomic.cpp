// A volatile sig_atomic_t is what a handler may share with the thread that it interrupts: no race.
#include <csignal>
#include <sys/time.h>

static volatile std::sig_atomic_t alarms;

static void on_alarm(int) { alarms = 1; }

int main() {
  std::signal(SIGALRM, on_alarm);
  itimerval soon{};
  soon.it_value.tv_usec = 1000;
  setitimer(ITIMER_REAL, &soon, nullptr);
  for (long i = 0; i < 3000000 && alarms == 0; ++i) {
  }
  return 0;
}
