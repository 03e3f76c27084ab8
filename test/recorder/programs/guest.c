// What a program sees of its process: descriptors, limits, children, sandboxes. Each part prints it, among slow calls that
// the recorder has work with; guest.py runs each with and without the recorder and compares.
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <grp.h>
#include <limits.h>
#include <link.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char **arguments;

static void work(int times) {
  for (int i = 0; i < times; ++i)
    usleep(1300);
}
static void show_descriptors(void) {
  for (int i = 0; i < 4096; ++i)
    if (fcntl(i, F_GETFD) != -1)
      printf(" %d", i);
  puts("");
}
static void show_status(const char *what, pid_t child) {
  int status = 0;
  pid_t found = waitpid(child, &status, 0);
  printf("%s: %d, exit %d, signal %d\n", what, found == child, WIFEXITED(status) ? WEXITSTATUS(status) : -1,
         WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static void descriptors(void) {
  int first = open("/dev/null", O_RDONLY);
  work(20);
  int second = open("/dev/null", O_RDONLY);
  printf("%d %d\n", first, second);
  show_descriptors();
  DIR *folder = opendir("/proc/self/fd");
  int count = 0;
  while (readdir(folder))
    ++count;
  closedir(folder);
  printf("%d in /proc\n", count);
}

// The kinds of clean-up that a daemon begins with, again and again.
static void closes_all(void) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 3; i < 1024; ++i)
      close(i);
    int a = open("/dev/null", O_RDONLY);
    work(5);
    closefrom(3);
    int b = open("/dev/null", O_RDONLY);
    work(5);
    close_range(3, ~0u, 0);
    int c = open("/dev/null", O_RDONLY);
    work(5);
    printf("%d %d %d\n", a, b, c);
  }
}

// A file of ours on every number: nothing else comes into it, and nothing of it goes.
static void takes_all(void) {
  const char *name = arguments[2];
  int file = open(name, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
  work(5);
  for (int i = 3; i < 1200; ++i)
    if (i != file && dup2(file, i) != i)
      puts("dup2 fails");
  work(40);
  for (int i = 3; i < 1200; ++i)
    if (write(i, "x", 1) != 1)
      puts("write fails");
  work(5);
  struct stat status;
  fstat(file, &status);
  printf("%ld bytes\n", (long)status.st_size);
}

static void limit_of_descriptors(void) {
  work(3);
  struct rlimit before, none = {3, 3};
  getrlimit(RLIMIT_NOFILE, &before);
  none.rlim_max = before.rlim_max;
  setrlimit(RLIMIT_NOFILE, &none);
  work(20);
  printf("%d %d\n", open("/dev/null", O_RDONLY), errno == EMFILE);
  show_status("child", fork() ?: (work(3), printf("%d\n", open("/dev/null", O_RDONLY)), fflush(stdout), _exit(4), 0));
}

static void polls_all(void) {
  struct pollfd list[1024];
  work(5);
  for (int i = 3; i < 1024; ++i)
    list[i] = (struct pollfd){i, POLLIN, 0};
  poll(list + 3, 1021, 0);
  int valid = 0;
  for (int i = 3; i < 1024; ++i)
    valid += !(list[i].revents & POLLNVAL);
  printf("%d of 1021\n", valid);
}

static void forks(void) {
  work(5);
  fflush(stdout);
  for (int depth = 0; depth < 3; ++depth) {
    pid_t child = fork();
    if (child) {
      show_status("fork", child);
      exit(depth + 10);
    }
    work(5);
    show_descriptors();
    fflush(stdout);
  }
}
// The program forks just as a thread of the recorder's reads the loader's list of modules, under the loader's lock: it may not be
// locked in the child. This definition takes libc's place, for the recorder as well, and keeps that thread within.
typedef int (*Visit)(struct dl_phdr_info *, size_t, void *);
static volatile int widened, is_reading, is_forking;
struct reader {
  Visit visit;
  void *given;
};
static int stay(struct dl_phdr_info *info, size_t size, void *given) {
  struct reader *of = given;
  struct timespec moment = {0, 1000000};
  if (widened) {
    is_reading = 1;
    while (!is_forking) syscall(SYS_nanosleep, &moment, NULL);
    for (int i = 0; i < 10; ++i) // meanwhile the fork is made, or waits
      syscall(SYS_nanosleep, &moment, NULL);
    widened = is_reading = 0;
  }
  return of->visit(info, size, of->given);
}
int dl_iterate_phdr(Visit visit, void *given) {
  static int (*real)(Visit, void *);
  char name[16];
  struct reader reader = {visit, given};
  if (!real)
    *(void **)&real = dlsym(RTLD_NEXT, "dl_iterate_phdr");
  if (!widened || syscall(SYS_prctl, PR_GET_NAME, name) != 0 || strcmp(name, "tenterhook") != 0)
    return real(visit, given);
  return real(stay, &reader);
}
static int count_modules(struct dl_phdr_info *info, size_t size, void *given) { return (void)info, (void)size, ++*(int *)given, 0; }
static void forks_meanwhile(void) {
  for (int i = 0; i < 5; ++i) {
    work(5);
    fflush(stdout);
    is_forking = 0;
    widened = getenv("TENTERHOOK_RECORD") != NULL;
    while (widened && !is_reading)
      usleep(1000);
    is_forking = 1;
    pid_t child = fork();
    if (child == 0) {
      int count = 0;
      alarm(20);
      dl_iterate_phdr(count_modules, &count);
      _exit(count > 2 ? 3 : 4);
    }
    show_status("meanwhile", child);
  }
}
static void vforks(void) {
  work(5);
  for (int i = 0; i < 5; ++i) {
    pid_t child = vfork();
    if (child == 0) {
      close(i + 3);
      _exit(i);
    }
    show_status("vfork", child);
  }
  work(5);
}
static int by_hand(void *given) {
  usleep(2000);
  return *(int *)given + (fcntl(3, F_GETFD) == -1);
}
static void clones(void) {
  static char stack[1 << 16];
  static int value = 20;
  work(5);
  for (int i = 0; i < 3; ++i)
    show_status("clone", clone(by_hand, stack + sizeof stack, CLONE_VM | CLONE_FILES | SIGCHLD, &value));
  work(5);
}

static volatile int came;
static void on_child(int number) { came += number == SIGCHLD; }
static void signals_of_children(void) {
  signal(SIGCHLD, on_child);
  work(5);
  printf("%d children %d\n", came, waitpid(-1, NULL, WNOHANG | __WALL) == -1 && errno == ECHILD);
  for (int i = 0; i < 3; ++i) {
    pid_t child = fork();
    if (child == 0)
      _exit(i);
    int status;
    while (waitpid(child, &status, 0) != child)
      ;
    work(2);
  }
  printf("%d children\n", came);
}

static void *small(void *given) {
  work(3);
  return given;
}
static void small_threads(void) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN);
  for (int i = 0; i < 8; ++i) {
    pthread_t thread;
    void *result = NULL;
    printf("%d ", pthread_create(&thread, &attributes, small, &result));
    pthread_join(thread, &result);
    printf("%d\n", result == &result);
  }
}

static void registers(void) {
  fesetround(FE_UPWARD);
  feraiseexcept(FE_INEXACT);
  errno = 77;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  printf("errno %d\n", errno);
  work(5);
  printf("%d %d\n", fegetround() == FE_UPWARD, fetestexcept(FE_INEXACT) != 0);
}

static void strict(void) {
  work(5);
  pid_t child = fork();
  if (child == 0) {
    work(2);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
    char byte;
    int good = read(0, &byte, 1) == 0 && write(1, "strict\n", 7) == 7;
    syscall(SYS_exit, good ? 3 : 4);
  }
  show_status("strict", child);
}
static void filtered(void) {
#define ALLOW(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
  struct sock_filter code[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                               ALLOW(write), ALLOW(clock_nanosleep), ALLOW(exit_group), ALLOW(newfstatat), ALLOW(futex),
                               BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)};
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  work(5);
  fflush(stdout);
  for (int way = 0; way < 2; ++way) {
    pid_t child = fork();
    if (child == 0) {
      work(2);
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
      if (way == 0)
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
      else
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
      work(5);
      write(1, "filtered\n", 9);
      exit(5);
    }
    show_status("filter", child);
  }
}

static void other_root(void) {
  work(5);
  printf("%d %d\n", chroot(arguments[2]), chdir("/"));
  work(5);
  printf("%d %d\n", open("/etc/passwd", O_RDONLY), errno);
}
static void nobody(void) {
  work(5);
  printf("%d %d %d\n", setgroups(0, NULL), setgid(65534), setuid(65534));
  work(5);
  printf("%d %d\n", getuid(), setuid(0));
}
static void namespaces(void) {
  work(5);
  printf("user %d\n", unshare(CLONE_NEWUSER));
  work(5);
  printf("processes %d\n", unshare(CLONE_NEWPID));
  work(5);
  for (int i = 0; i < 2; ++i) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
      work(2);
      printf("number %d\n", getpid());
      fflush(stdout);
      if (getpid() == 1)
        show_status("child of it", fork() ?: (work(2), _exit(6), 0));
      fflush(stdout);
      _exit(7);
    }
    show_status("in it", child);
  }
}
static void address_space(void) {
  struct rlimit limit = {1l << 30, 1l << 30};
  setrlimit(RLIMIT_AS, &limit);
  work(5);
  char *memory = malloc(100 << 20);
  printf("%d\n", memory != NULL);
  work(5);
}
// As Chromium changes its root: in a child that shares memory and has zeros where thread-local variables would be. What it
// calls nobody called before.
static int change_root(void *unused) {
  if (chroot("/") != 0 && errno != EPERM)
    _exit(1);
  _exit(chdir("/") == 0 ? 5 : 2);
  return unused != NULL;
}
static void no_locals(void) {
  static char stack[64 << 10], locals[64 << 10] __attribute__((aligned(64)));
  work(5);
  show_status("without locals", clone(change_root, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_SETTLS | SIGCHLD, NULL,
                                      NULL, locals + sizeof locals / 2, NULL));
  work(5);
}
static void no_locals_young(void) { // in a process that had no thread of ours yet
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    execl(arguments[0], arguments[0], "no_locals", NULL);
    _exit(3);
  }
  show_status("young", child);
}

// Recorded calls in handlers on a stack of the program's own, behind whose end there is nothing.
static void calls_below(int depth) {
  volatile char room[64];
  room[0] = (char)depth;
  if (depth) {
    calls_below(depth - 1);
  } else {
    struct timespec moment = {0, 3000000};
    nanosleep(&moment, NULL);
    access("/", F_OK);
  }
  room[1] = 1;
}
static volatile int handled;
static void on_own_stack(int signal) {
  (void)signal;
  calls_below(0);
  calls_below(3);
  ++handled;
}
static void own_stacks(void) {
  size_t size = 65536, page = 4096;
  for (int next_to = 0; next_to < 2; ++next_to) { // to a page that nobody may read, to no page at all
    char *memory = mmap(NULL, size + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (next_to == 0)
      mprotect(memory + page + size, page, PROT_NONE);
    else
      munmap(memory + page + size, page);
    stack_t stack = {.ss_sp = memory + page, .ss_size = size};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_handler = on_own_stack, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < 20; ++i)
      raise(SIGUSR1);
  }
  printf("%d handled\n", handled);
}

// The process ends with the last of the program's threads, and with what exit() writes then.
static void *end_later(void *unused) {
  work(150);
  printf("the last");
  return unused;
}
static void last_thread(void) {
  pthread_t thread;
  work(150); // by now there are threads of ours
  pthread_create(&thread, NULL, end_later, NULL);
  pthread_exit(NULL);
}
static void *fork_here(void *unused) {
  for (int i = 0; i < 3; ++i) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
      work(i == 1 ? 150 : 5); // with and without a thread of ours
      printf("child %d", i);
      if (i == 2)
        pthread_exit(NULL);
      return unused;
    }
    show_status("its thread has ended", child);
  }
  return unused;
}
static void last_thread_forked(void) {
  pthread_t thread;
  work(150);
  pthread_create(&thread, NULL, fork_here, NULL);
  pthread_join(thread, NULL);
}
// Many end at a time, and one of them is the last.
static pthread_barrier_t together;
static void *end_together(void *unused) {
  work(5);
  pthread_barrier_wait(&together);
  return unused;
}
static void last_threads(void) {
  pthread_t thread;
  pthread_barrier_init(&together, NULL, 9);
  work(150);
  for (int i = 0; i < 8; ++i)
    pthread_create(&thread, NULL, end_together, NULL);
  printf("all at once");
  pthread_barrier_wait(&together);
  pthread_exit(NULL);
}
static void buffers(void) {
  work(5);
  printf("no end of line"); // written by exit()
}

int main(int count, char **given) {
  static const struct {
    const char *name;
    void (*run)(void);
  } parts[] = {{"descriptors", descriptors}, {"closes_all", closes_all}, {"takes_all", takes_all},
               {"limit", limit_of_descriptors}, {"polls_all", polls_all}, {"forks", forks}, {"forks_meanwhile", forks_meanwhile}, {"vforks", vforks},
               {"clones", clones}, {"signals_of_children", signals_of_children}, {"small_threads", small_threads},
               {"registers", registers}, {"strict", strict}, {"filtered", filtered}, {"other_root", other_root},
               {"nobody", nobody}, {"namespaces", namespaces}, {"address_space", address_space}, {"buffers", buffers},
               {"no_locals", no_locals}, {"no_locals_young", no_locals_young}, {"last_thread", last_thread}, {"last_thread_forked", last_thread_forked}, {"last_threads", last_threads},
               {"own_stacks", own_stacks}};
  arguments = given;
  for (unsigned i = 0; count > 1 && i < sizeof parts / sizeof *parts; ++i)
    if (strcmp(parts[i].name, given[1]) == 0) {
      parts[i].run();
      return 9;
    }
  for (unsigned i = 0; i < sizeof parts / sizeof *parts; ++i)
    puts(parts[i].name);
  return 0;
}
