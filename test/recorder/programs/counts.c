// A program that counts its own threads, or makes calls that want a process of one thread: in every way that programs do it,
// each after slow calls and turns of a loop, for which the recorder has threads. guest.py compares with and without it.
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int queue = -1;

// So long that threads which were put away may come again; then they have reason to.
static void work(void) {
  struct epoll_event event;
  if (queue < 0)
    queue = epoll_create1(EPOLL_CLOEXEC);
  usleep(120000);
  for (int i = 0; i < 5; ++i) {
    usleep(1300);
    epoll_wait(queue, &event, 1, 1);
  }
}

static int number_after(const char *text, const char *what) {
  const char *at = strstr(text, what);
  return at ? atoi(at + strlen(what)) : -1;
}
static int twentieth(char *text) { // of /proc/self/stat
  char *at = strrchr(text, ')');
  for (int field = 2; field < 20 && at; ++field)
    at = strchr(at + 1, ' ');
  return at ? atoi(at) : -1;
}
static int entries(DIR *folder) {
  int count = 0;
  for (struct dirent *each; (each = readdir(folder));)
    count += each->d_name[0] != '.';
  return count;
}

static void by_stat(void) {
  static const char *const names[] = {"/proc/self/task", "/proc/self/task/", "/proc/thread-self/../../task/.", "/proc//self//task//"};
  for (unsigned i = 0; i < 4; ++i) {
    struct stat a, b;
    struct statx c;
    work();
    int one = stat(names[i], &a);
    work();
    int two = lstat(names[i], &b);
    work();
    int three = statx(AT_FDCWD, names[i], 0, STATX_NLINK, &c);
    printf("%d %d %d, %d %d %d\n", one, two, three, (int)a.st_nlink, (int)b.st_nlink, (int)c.stx_nlink);
  }
}
static void by_descriptor(void) {
  struct stat a, b, c;
  int proc = open("/proc", O_RDONLY | O_DIRECTORY), self = open("/proc/self", O_RDONLY | O_DIRECTORY);
  work();
  fstatat(proc, "self/task/", &a, 0);
  work();
  fstatat(self, "task", &b, AT_SYMLINK_NOFOLLOW);
  printf("%d %d\n", (int)a.st_nlink, (int)b.st_nlink);
  int task = openat(self, "task", O_RDONLY | O_DIRECTORY);
  for (int i = 0; i < 3; ++i) {
    work();
    fstat(task, &a);
    work();
    fstatat(task, "", &b, AT_EMPTY_PATH);
    work();
    int other = fcntl(task, F_DUPFD, 100);
    fstat(dup2(other, 90), &c);
    printf("%d %d %d\n", (int)a.st_nlink, (int)b.st_nlink, (int)c.st_nlink);
  }
}
static void by_folder(void) {
  char own[64];
  struct dirent **list;
  snprintf(own, sizeof own, "/proc/%d/task", (int)getpid());
  DIR *folder = (work(), opendir(own)), *other = fdopendir(open("/proc/self/task", O_RDONLY));
  for (int i = 0; i < 3; ++i) {
    work();
    printf("%d", entries(folder));
    work();
    printf(" %d", entries(other));
    work();
    int count = scandir("/proc/self/task", &list, NULL, NULL);
    printf(" %d\n", count);
    rewinddir(folder);
    rewinddir(other);
  }
}
static void by_status(void) {
  char text[8192], line[256], own[64];
  snprintf(own, sizeof own, "/proc/self/task/%d/status", (int)getpid());
  const char *const names[] = {"/proc/self/status", own, "/proc/thread-self/status"};
  for (int i = 0; i < 3; ++i) {
    FILE *file = (work(), fopen(names[i], "r"));
    work();
    while (fgets(line, sizeof line, file))
      if (strncmp(line, "Threads:", 8) == 0) printf("%d", atoi(line + 8));
    rewind(file);
    work();
    size_t size = fread(text, 1, sizeof text - 1, file);
    text[size] = 0;
    printf(" %d", number_after(text, "Threads:"));
    fclose(file);
    work();
    file = fopen(names[i], "r"); // and by functions that no recorder looks at
    while (fgets_unlocked(line, sizeof line, file))
      if (strncmp(line, "Threads:", 8) == 0) printf(" %d\n", atoi(line + 8));
    fclose(file);
  }
}
static void by_stat_file(void) {
  char text[2048];
  int kept = open("/proc/self/stat", O_RDONLY);
  for (int i = 0; i < 4; ++i) {
    work();
    text[pread(kept, text, sizeof text - 1, 0)] = 0;
    printf("%d", twentieth(text));
    work();
    lseek(kept, 0, SEEK_SET);
    text[read(kept, text, sizeof text - 1)] = 0;
    printf(" %d\n", twentieth(text));
  }
  chdir("/proc/self");
  work();
  int relative = open("stat", O_RDONLY);
  text[read(relative, text, sizeof text - 1)] = 0;
  printf("%d\n", twentieth(text));
}
static void by_system_call(void) {
  char text[4096];
  struct stat status;
  work();
  int file = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/stat", O_RDONLY);
  work();
  text[syscall(SYS_read, file, text, sizeof text - 1)] = 0;
  printf("%d", twentieth(text));
  work();
  printf(" %d", (int)syscall(SYS_newfstatat, AT_FDCWD, "/proc/self/task", &status, 0));
  printf(" %d", (int)status.st_nlink);
  int folder = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/task", O_RDONLY);
  work();
  printf(" %d\n", (int)syscall(SYS_getdents64, folder, text, sizeof text));
}

static int task_links(void) {
  struct stat status;
  return stat("/proc/self/task", &status) == 0 ? (int)status.st_nlink : -1;
}
static void *counts(void *given) {
  work();
  *(int *)given = task_links();
  return given;
}
static void in_thread(void) {
  for (int i = 0; i < 2; ++i) {
    pthread_t thread;
    int links = 0;
    work();
    pthread_create(&thread, NULL, counts, &links);
    pthread_join(thread, NULL);
    printf("%d\n", links);
  }
}
static volatile int links_before, links_in_parent, links_in_handler;
static void before_fork(void) { links_before = task_links(); }
static void in_parent(void) { links_in_parent = task_links(); }
static void in_forks(void) {
  pthread_atfork(before_fork, in_parent, NULL);
  for (int i = 0; i < 2; ++i) {
    int status;
    work();
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
      work();
      printf("child %d\n", task_links());
      fflush(stdout);
      _exit(3);
    }
    printf("%d %d\n", links_before, links_in_parent);
    fflush(stdout);
    waitpid(child, &status, 0);
    printf("%d %d\n", WEXITSTATUS(status), task_links());
    work();
    child = vfork();
    if (child == 0)
      _exit(task_links());
    waitpid(child, &status, 0);
    work();
    printf("%d %d\n", WEXITSTATUS(status), task_links());
  }
}
static void on_signal(int number) { links_in_handler = number + 100 * task_links(); }
static void in_handler(void) {
  signal(SIGUSR1, on_signal);
  for (int i = 0; i < 2; ++i) {
    work();
    raise(SIGUSR1);
    work();
    printf("%d %d\n", links_in_handler, task_links());
  }
}
static void wants_one(void) {
  work();
  int own = open("/proc/self/ns/user", O_RDONLY);
  printf("%d", unshare(CLONE_NEWUSER));
  work();
  printf(" %d", (int)syscall(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS));
  work();
  printf(" %d", unshare(CLONE_THREAD | CLONE_SIGHAND | CLONE_VM));
  int inner = open("/proc/self/ns/mnt", O_RDONLY);
  work();
  printf(" %d", setns(inner, CLONE_NEWNS));
  work();
  printf(" %d\n", setns(own, CLONE_NEWUSER)); // refused, as an outer one
  printf("%d\n", task_links());
}
// Files of these names that are no such thing, and other processes.
static void others(void) {
  char line[256] = "";
  chdir("/tmp");
  mkdir("tenterhook-counts", 0700);
  chdir("tenterhook-counts");
  FILE *file = (work(), fopen("status", "w+"));
  fputs("Threads: many\n", file);
  rewind(file);
  printf("%s", fgets(line, sizeof line, file));
  struct stat status;
  printf("%d\n", stat("status", &status));
  fclose(file);
  unlink("status");
  chdir("/");
  rmdir("/tmp/tenterhook-counts");
  file = fopen("/proc/stat", "r");
  printf("%.3s\n", fgets(line, sizeof line, file));
  fclose(file);
  work();
  printf("%d\n", task_links());
}

int main(int count, char **given) {
  static const struct {
    const char *name;
    void (*run)(void);
  } parts[] = {{"by_stat", by_stat}, {"by_descriptor", by_descriptor}, {"by_folder", by_folder}, {"by_status", by_status},
               {"by_stat_file", by_stat_file}, {"by_system_call", by_system_call}, {"in_thread", in_thread},
               {"in_forks", in_forks}, {"in_handler", in_handler}, {"wants_one", wants_one}, {"others", others}};
  for (unsigned i = 0; count > 1 && i < sizeof parts / sizeof *parts; ++i)
    if (strcmp(parts[i].name, given[1]) == 0) {
      parts[i].run();
      return 9;
    }
  for (unsigned i = 0; i < sizeof parts / sizeof *parts; ++i)
    puts(parts[i].name);
  return 0;
}
