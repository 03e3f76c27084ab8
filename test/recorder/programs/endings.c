/* Ends in the way that its argument names, or goes on: test/recorder/signals.py compares how, with and without a trace.
   What is printed comes at once, by write(2). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

static void say(const char *text) { (void)!write(1, text, strlen(text)); }
static void say_status(const char *what, int status) {
  char line[100];
  snprintf(line, sizeof line, "%s %x\n", what, (unsigned)status);
  say(line);
}
static void nap(void) {
  struct timespec moment = {0, 2000000};
  nanosleep(&moment, NULL);
}
static void spin(void) {
  for (volatile unsigned long turns = 0;;) ++turns;
}
static __attribute__((noinline)) int descend(int depth) {
  volatile char room[1000];
  room[depth % 1000] = (char)depth;
  return depth < 1000000000 ? descend(depth + 1) + room[depth % 999] : 0;
}
static void *thread_overflows(void *nothing) {
  nap();
  return descend(1) ? nothing : NULL;
}
static void *thread_raises(void *number) {
  nap();
  raise((int)(long)number);
  say("behind raise\n");
  return NULL;
}
static void *thread_naps(void *forever) {
  do nap();
  while (forever);
  return NULL;
}
static void *thread_faults(void *nothing) {
  *(volatile int *)16 = 1;
  return nothing;
}
static volatile int *nowhere;
static void *thread_execs(void *nothing) {
  nap();
  execl("/bin/echo", "echo", "executed", NULL);
  return nothing;
}
static void says_it(int number) {
  (void)number;
  say("handled\n");
}
static void raises_term(int number) {
  (void)number;
  say("in handler\n");
  raise(SIGTERM);
  say("behind\n");
}
static void faults(int number) {
  (void)number;
  *nowhere = 1;
}
static void goes_on_behind(int number, siginfo_t *info, void *context) {
  say_status("code", info->si_code);
#if defined(__x86_64__)
  if (number == SIGILL) ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
#else
  if (number == SIGILL) ((ucontext_t *)context)->uc_mcontext.pc += 4;
#endif
}
static void trap(void) {
#if defined(__x86_64__)
  __asm__ volatile("int3");
#else
  __asm__ volatile("brk #0");
#endif
}
static void undefined(void) {
#if defined(__x86_64__)
  __asm__ volatile("ud2");
#else
  __asm__ volatile("udf #0");
#endif
}
static void forbid(int number, int action) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, (unsigned)action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) say("no seccomp\n");
}
static ucontext_t back, small;
static void on_small_stack(void) { raise(SIGTERM); }

int main(int count, char **arguments) {
  const char *how = count > 1 ? arguments[1] : "";
  int number = count > 2 ? atoi(arguments[2]) : 0;
  sigset_t set, none;
  sigemptyset(&none);
  sigemptyset(&set);
  nap();
  say("begins\n");
#define IS(name) else if (strcmp(how, name) == 0)
  if (strcmp(how, "raise") == 0) raise(number);
  IS("kill") kill(getpid(), number);
  IS("queue") sigqueue(getpid(), number, (union sigval){.sival_int = 7});
  IS("wait") for (;;) nap();
  IS("thread") {
    pthread_t other;
    pthread_create(&other, NULL, thread_raises, (void *)(long)number);
    pthread_join(other, NULL);
  }
  IS("two threads") {
    pthread_t others[8];
    for (int i = 0; i < 8; ++i) pthread_create(&others[i], NULL, thread_raises, (void *)(long)SIGTERM);
    for (int i = 0; i < 8; ++i) pthread_join(others[i], NULL);
  }
  IS("thread faults") {
    pthread_t other, busy;
    pthread_create(&busy, NULL, thread_naps, &busy);
    pthread_create(&other, NULL, thread_faults, NULL);
    pthread_join(other, NULL);
  }
  IS("null") *nowhere = 1;
  IS("overflow") return descend(1);
  IS("overflow in thread") {
    pthread_t other;
    pthread_create(&other, NULL, thread_overflows, NULL);
    pthread_join(other, NULL);
  }
  IS("overflow with handler") { /* that wants an alternate stack, but there is none: it cannot run */
    struct sigaction wanted = {0};
    wanted.sa_handler = says_it;
    wanted.sa_flags = SA_ONSTACK;
    sigaction(SIGSEGV, &wanted, NULL);
    return descend(1);
  }
  IS("trap") trap();
  IS("undefined") undefined();
  IS("undefined, handled") {
    struct sigaction wanted = {0};
    wanted.sa_sigaction = goes_on_behind;
    wanted.sa_flags = SA_SIGINFO;
    sigaction(SIGILL, &wanted, NULL);
    undefined();
    say("behind\n");
    signal(SIGILL, SIG_DFL);
    undefined();
  }
  IS("division") {
#if defined(__x86_64__)
    int quotient = 1, zero = 0, rest = 0;
    __asm__ volatile("idivl %2" : "+a"(quotient), "+d"(rest) : "r"(zero));
#else
    raise(SIGFPE);
#endif
  }
  IS("bus") {
    int file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    volatile char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    return page[100];
  }
  IS("seccomp trap") {
    forbid(SYS_getppid, SECCOMP_RET_TRAP);
    getppid();
  }
  IS("seccomp kill") {
    forbid(SYS_getppid, SECCOMP_RET_KILL_PROCESS);
    getppid();
  }
  IS("sandbox") { /* whose filter forbids what a handler of ours would need */
    forbid(SYS_rt_tgsigqueueinfo, SECCOMP_RET_KILL_PROCESS);
    forbid(SYS_gettid, SECCOMP_RET_KILL_PROCESS);
    forbid(SYS_tgkill, SECCOMP_RET_KILL_PROCESS);
    kill(getpid(), SIGTERM);
  }
  IS("pipe") {
    int ends[2];
    (void)!pipe(ends);
    close(ends[0]);
    (void)!write(ends[1], "x", 1);
  }
  IS("pipe ignored") {
    int ends[2];
    (void)!pipe(ends);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    ssize_t result = write(ends[1], "x", 1);
    say_status("write", (int)result * errno);
  }
  IS("file size") {
    struct rlimit limit = {1 << 20, 1 << 20};
    static char text[1 << 20];
    int file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    setrlimit(RLIMIT_FSIZE, &limit);
    say_status("first", (int)write(file, text, sizeof text));
    (void)!write(file, text, sizeof text);
  }
  IS("processor time") {
    struct rlimit limit = {1, 10};
    setrlimit(RLIMIT_CPU, &limit);
    spin();
  }
  IS("alarm") {
    alarm(1);
    for (;;) pause();
  }
  IS("timer") {
    struct itimerval soon = {{0, 0}, {0, 20000}};
    setitimer(number, &soon, NULL);
    spin();
  }
  IS("abort") abort();
  IS("abort in handler") {
    signal(SIGABRT, says_it);
    abort();
  }
  IS("suspend") {
    sigaddset(&set, number);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(number);
    sigsuspend(&none);
  }
  IS("ppoll") {
    sigaddset(&set, number);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(number);
    ppoll(NULL, 0, NULL, &none);
  }
  IS("unblocked") {
    sigaddset(&set, number);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(number);
    say("blocked\n");
    sigprocmask(SIG_UNBLOCK, &set, NULL);
  }
  IS("blocked fault") {
    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    *nowhere = 1;
  }
  IS("in handler") {
    signal(SIGUSR1, raises_term);
    raise(SIGUSR1);
  }
  IS("fault in handler") {
    signal(SIGUSR1, faults);
    raise(SIGUSR1);
  }
  IS("once") {
    struct sigaction wanted = {0};
    wanted.sa_handler = says_it;
    wanted.sa_flags = (int)SA_RESETHAND;
    sigaction(SIGINT, &wanted, NULL);
    raise(SIGINT);
    raise(SIGINT);
  }
  IS("default again") {
    signal(SIGTERM, says_it);
    raise(SIGTERM);
    signal(SIGTERM, SIG_IGN);
    raise(SIGTERM);
    signal(SIGTERM, SIG_DFL);
    raise(SIGTERM);
  }
  IS("small stack") {
    getcontext(&small);
    small.uc_stack.ss_sp = calloc(1, 16384);
    small.uc_stack.ss_size = 16384;
    small.uc_link = &back;
    makecontext(&small, on_small_stack, 0);
    swapcontext(&back, &small);
  }
  IS("forked") {
    pid_t child = fork();
    if (child == 0) {
      nap();
      raise(number);
    }
    int status;
    waitpid(child, &status, 0);
    say_status("child", status);
  }
  IS("vforked") {
    pid_t child = vfork();
    if (child == 0) {
      kill(getpid(), number);
      _exit(1);
    }
    int status;
    waitpid(child, &status, 0);
    say_status("child", status);
    for (int i = 0; i < 3; ++i) nap();
  }
  IS("stopped") {
    pid_t child = fork();
    if (child == 0) {
      nap();
      raise(number);
      say("went on\n");
      _exit(7);
    }
    int status;
    waitpid(child, &status, WUNTRACED);
    say_status("child", status);
    kill(child, SIGCONT);
    waitpid(child, &status, 0);
    say_status("child", status);
  }
  IS("twice") {
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    kill(getpid(), SIGINT);
    kill(getpid(), SIGTERM);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
  }
  IS("thread executes") {
    pthread_t other;
    pthread_create(&other, NULL, thread_execs, NULL);
    pthread_join(other, NULL);
  }
  IS("exit") exit(number);
  IS("_exit") _exit(number);
  say("goes on\n");
  return 5;
}
