/* Prints all that a process can ask about its signals: dispositions, masks, alternate stacks, what is pending; as they are
   at the start, after each way to set them, in handlers, on another thread, in children of every kind. test/recorder/signals.py
   compares what it prints with and without a trace. Addresses are told by name only. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
typedef void (*handle)(int);
handle bsd_signal(int, handle), sysv_signal(int, handle), ssignal(int, handle), __sysv_signal(int, handle);
static char own_stack[1 << 15];
static const char *self;
static int asks_by_syscall; /* which the recorder sees, and a program's own writer of traces does not */

static void count(int number) { (void)number; }
static void other(int number) { (void)number; }

static const char *name_of(handle h) {
  return h == SIG_DFL ? "default" : h == SIG_IGN ? "ignored" : h == SIG_ERR ? "error" : h == (handle)2 ? "hold" :
         h == count ? "count" : h == other ? "other" : "UNKNOWN";
}
static void print_mask(const char *what, const sigset_t *set) {
  printf("  %s:", what);
  for (int i = 1; i <= 64; ++i)
    if (i != 32 && i != 33 && sigismember(set, i)) printf(" %d", i);
  printf("\n");
}
static void print_action(int number) {
  struct sigaction there;
  memset(&there, 0, sizeof there);
  errno = 0;
  int result = sigaction(number, NULL, &there);
  uint64_t mask;
  memcpy(&mask, &there.sa_mask, sizeof mask);
  printf("  %d: %d %d %s flags %x mask %llx%s\n", number, result, errno, name_of(there.sa_handler), (unsigned)there.sa_flags,
         (unsigned long long)mask, there.sa_restorer ? " restorer" : "");
  struct { void *handler; unsigned long flags; void *restorer; uint64_t mask; } raw = {0};
  if (asks_by_syscall && number != 32 && number != 33 && syscall(SYS_rt_sigaction, number, NULL, &raw, 8) == 0)
    if (raw.handler != (void *)there.sa_handler || (unsigned)raw.flags != (unsigned)there.sa_flags || raw.mask != mask)
      printf("    by syscall(): %s flags %lx mask %llx\n", name_of((handle)raw.handler), raw.flags, (unsigned long long)raw.mask);
}
static void print_alternate(void) {
  stack_t there;
  memset(&there, 1, sizeof there);
  int result = sigaltstack(NULL, &there);
  printf("  alternate: %d %s size %zu flags %d\n", result, there.ss_sp == own_stack ? "own" : there.ss_sp ? "UNKNOWN" : "none",
         there.ss_size, there.ss_flags);
  stack_t raw = there;
  if (asks_by_syscall) syscall(SYS_sigaltstack, NULL, &raw);
  if (raw.ss_sp != there.ss_sp || raw.ss_size != there.ss_size || raw.ss_flags != there.ss_flags)
    printf("    by syscall(): size %zu flags %d\n", raw.ss_size, raw.ss_flags);
}
static void print_masks(void) {
  sigset_t set;
  sigprocmask(SIG_BLOCK, NULL, &set);
  print_mask("blocked", &set);
  pthread_sigmask(SIG_BLOCK, NULL, &set);
  print_mask("blocked in thread", &set);
  sigpending(&set);
  print_mask("pending", &set);
}
static void print_all(const char *where) {
  printf("%s\n", where);
  for (int i = -1; i <= 66; ++i) print_action(i);
  print_masks();
  print_alternate();
  fflush(stdout);
}

static void in_handler(int number, siginfo_t *info, void *context) {
  (void)info, (void)context;
  char here;
  printf("handler of %d %s\n", number, &here > own_stack && &here < own_stack + sizeof own_stack ? "on own" : "on the thread's");
  print_masks();
  print_alternate();
}
static void run_handler(int flags) {
  struct sigaction wanted = {0}, before, there;
  wanted.sa_sigaction = in_handler;
  wanted.sa_flags = SA_SIGINFO | flags;
  sigaddset(&wanted.sa_mask, SIGHUP);
  sigaction(SIGUSR1, &wanted, &before);
  raise(SIGUSR1);
  sigaction(SIGUSR1, NULL, &there);
  printf("  then %s flags %x\n", there.sa_sigaction == in_handler ? "in_handler" : name_of(there.sa_handler), (unsigned)there.sa_flags);
  sigaction(SIGUSR1, &before, NULL);
}
static void *thread(void *nothing) {
  print_all("thread");
  run_handler(SA_ONSTACK);
  return nothing;
}

static void wait_for(pid_t child, const char *what) {
  int status = 0;
  waitpid(child, &status, 0);
  printf("%s ended with %x\n", what, (unsigned)status);
  fflush(stdout);
}
static void exec_self(const char *title) { execl("/proc/self/exe", self, title, NULL); }

static void children(void) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    print_all("forked");
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_IGN);
    print_action(SIGINT);
    print_action(SIGTERM);
    fflush(stdout);
    exec_self("forked and executed");
  }
  wait_for(child, "forked");
  child = vfork();
  if (child == 0) {
    struct sigaction wanted = {0}, there;
    sigaction(SIGTERM, NULL, &there);
    if (there.sa_handler != SIG_DFL && there.sa_handler != count && there.sa_handler != SIG_IGN) _exit(1);
    wanted.sa_handler = SIG_IGN;
    sigaction(SIGQUIT, &wanted, NULL);
    wanted.sa_handler = SIG_DFL;
    sigaction(SIGALRM, &wanted, NULL);
    exec_self("vforked and executed");
    _exit(2);
  }
  wait_for(child, "vforked");
  print_action(SIGQUIT);
  print_action(SIGALRM);
  child = vfork();
  if (child == 0) {
    kill(getpid(), SIGTERM); /* must not end the parent's trace; ignored or handled it ends here */
    _exit(3);
  }
  wait_for(child, "vforked and killed");
  posix_spawnattr_t attributes;
  sigset_t set;
  posix_spawnattr_init(&attributes);
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGUSR2);
  posix_spawnattr_setsigdefault(&attributes, &set);
  sigaddset(&set, SIGTERM);
  posix_spawnattr_setsigmask(&attributes, &set);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  char *list[] = {(char *)self, "spawned", NULL};
  if (posix_spawn(&child, "/proc/self/exe", NULL, &attributes, list, environ) == 0) wait_for(child, "spawned");
  char command[4200];
  snprintf(command, sizeof command, "exec '%s' 'by system()'", self);
  printf("system: %x\n", (unsigned)system(command));
  fflush(stdout);
}

static void set_in_all_ways(void) {
  static const int numbers[] = {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGSEGV, SIGCHLD, SIGWINCH, 34, 64, 62, 61, 32, 33, 0, 65, SIGKILL};
  static const handle handlers[] = {SIG_DFL, count, SIG_DFL, SIG_IGN, other, SIG_IGN, SIG_DFL, SIG_DFL};
  handle (*const ways[])(int, handle) = {signal, bsd_signal, sysv_signal, __sysv_signal, ssignal, sigset};
  for (unsigned n = 0; n < sizeof numbers / sizeof *numbers; ++n)
    for (unsigned w = 0; w < sizeof ways / sizeof *ways; ++w)
      for (unsigned h = 0; h < sizeof handlers / sizeof *handlers; ++h) {
        errno = 0;
        handle before = ways[w](numbers[n], handlers[h]);
        printf("way %u: %d %s was %s, %d\n", w, numbers[n], name_of(handlers[h]), name_of(before), errno);
        print_action(numbers[n]);
      }
  static const int flags[] = {0, SA_RESTART, SA_RESETHAND, SA_NODEFER, SA_SIGINFO, SA_NOCLDSTOP, SA_ONSTACK | SA_RESTART, SA_NOCLDWAIT, 0x20000000, 0x400};
  for (unsigned n = 0; n < sizeof numbers / sizeof *numbers; ++n)
    for (unsigned f = 0; f < sizeof flags / sizeof *flags; ++f)
      for (unsigned h = 0; h < sizeof handlers / sizeof *handlers; ++h) {
        struct sigaction both = {0};
        both.sa_handler = handlers[h];
        both.sa_flags = flags[f];
        sigfillset(&both.sa_mask);
        sigdelset(&both.sa_mask, (int)(h + 1));
        errno = 0;
        int result = sigaction(numbers[n], &both, &both); /* one struct for both */
        printf("sigaction: %d %s flags %x: %d %d was %s flags %x\n", numbers[n], name_of(handlers[h]), (unsigned)flags[f], result,
               errno, name_of(both.sa_handler), (unsigned)both.sa_flags);
        print_action(numbers[n]);
        if (h == 2) {
          result = siginterrupt(numbers[n], 1);
          printf("siginterrupt %d\n", result);
          print_action(numbers[n]);
          signal(numbers[n], count);
          print_action(numbers[n]);
          signal(numbers[n], SIG_DFL);
          siginterrupt(numbers[n], 0);
          print_action(numbers[n]);
        }
      }
  printf("hold: %s", name_of(sigset(SIGINT, (handle)2)));
  printf(" %s", name_of(sigset(SIGINT, (handle)2)));
  printf(" %s\n", name_of(sigset(SIGINT, SIG_DFL)));
  sighold(SIGTERM);
  print_masks();
  sigrelse(SIGTERM);
  printf("sigignore %d\n", sigignore(SIGTERM));
  print_action(SIGTERM);
  signal(SIGTERM, SIG_DFL);
  struct { void *handler; unsigned long flags; void *restorer; uint64_t mask; } raw = {0};
  printf("syscall: %ld", syscall(SYS_rt_sigaction, SIGINT, &raw, NULL, 8));
  printf(" %ld\n", syscall(SYS_rt_sigaction, SIGKILL, &raw, NULL, 8));
  print_action(SIGINT);
}

static void receive(void) {
  sigset_t all, before, none;
  sigfillset(&all);
  printf("fill: %d", sigismember(&all, 33));
  for (int i = 1; i <= 64; ++i) printf(" %d", sigismember(&all, i));
  printf("\n");
  sigprocmask(SIG_SETMASK, &all, &before);
  print_masks();
  kill(getpid(), SIGUSR2);
  raise(SIGRTMAX - 2);
  print_masks();
  int number = 0;
  printf("sigwait %d", sigwait(&all, &number));
  printf(" %d", number);
  printf(" %d", sigwait(&all, &number));
  printf(" %d\n", number);
  struct timespec soon = {0, 30000000};
  siginfo_t info;
  errno = 0;
  printf("sigtimedwait %d", sigtimedwait(&all, &info, &soon));
  printf(" %d\n", errno);
  int queue = signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC);
  struct signalfd_siginfo got;
  printf("signalfd %zd", read(queue, &got, sizeof got));
  kill(getpid(), SIGINT);
  printf(" %zd", read(queue, &got, sizeof got));
  printf(" %u %d\n", got.ssi_signo, got.ssi_code);
  close(queue);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &before, &none);
  print_mask("was", &none);
}

/* A loop that stalls, so that the watchdog asks for stacks, while signals are all blocked and none are; no call is to fail. */
static void stall(void) {
  int queue = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event;
  for (int turn = 0; turn < 20; ++turn) {
    errno = 0;
    int result = epoll_wait(queue, &event, 1, 1);
    if (result != 0) printf("epoll_wait %d %d\n", result, errno);
    struct timespec begin, now, moment = {0, 1000000}, rest;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    do clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - begin.tv_sec) * 1000000000L + now.tv_nsec - begin.tv_nsec < 5000000);
    if (nanosleep(&moment, &rest) != 0) printf("nanosleep %d\n", errno);
  }
  close(queue);
}

int main(int count_of, char **arguments) {
  asks_by_syscall = getenv("TENTERHOOK_TRACE") == NULL;
  self = realpath("/proc/self/exe", NULL);
  signal(SIGHUP, signal(SIGHUP, SIG_IGN)); /* as shells and nohup's programs ask */
  print_all(count_of > 1 ? arguments[1] : "start");
  if (count_of > 1) return 0;
  children();
  set_in_all_ways();
  print_all("after all ways");
  receive();
  pthread_t other_thread;
  pthread_create(&other_thread, NULL, thread, NULL);
  pthread_join(other_thread, NULL);
  run_handler(0);
  run_handler(SA_ONSTACK);
  run_handler(SA_RESETHAND | SA_NODEFER);
  stall();
  print_all("after a loop");
  receive();
  stack_t own = {0}, before;
  own.ss_sp = own_stack;
  own.ss_size = sizeof own_stack;
  printf("sigaltstack %d", sigaltstack(&own, &before));
  printf(" %s %d\n", before.ss_sp ? "UNKNOWN" : "none", before.ss_flags);
  run_handler(SA_ONSTACK);
  run_handler(0);
  print_alternate();
  own.ss_flags = SS_DISABLE;
  printf("sigaltstack %d\n", sigaltstack(&own, NULL));
  print_alternate();
  own.ss_flags = 0;
  own.ss_size = 100;
  errno = 0;
  int result = sigaltstack(&own, NULL);
  printf("too small: %d %d\n", result, errno);
  run_handler(SA_ONSTACK);
  pthread_create(&other_thread, NULL, thread, NULL);
  pthread_join(other_thread, NULL);
  signal(SIGTERM, count);
  signal(SIGUSR2, SIG_IGN);
  children();
  return 0;
}
