// Pointers that lead nowhere, to functions that hand them to the kernel or look at them themselves: an errno or a signal, as
// without the recorder. Each call is made several times in a child of its own, with memory that cannot be read, that ends
// after a few bytes, and that cannot be written.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static char *bad;  // neither readable nor writable
static char *last; // the last four bytes before it
static char *text; // readable, not writable
static int pair[2], file, queue, semaphores, folder;

#define TRY(call)                                                                                                      \
  do {                                                                                                                 \
    fflush(stdout);                                                                                                    \
    pid_t child = fork();                                                                                              \
    if (child == 0) {                                                                                                  \
      for (int i = 0; i < 5; ++i) {                                                                                    \
        errno = 0;                                                                                                     \
        long result = (long)(call);                                                                                    \
        int error = errno;                                                                                             \
        if (i % 4 == 0) printf("%s: %ld, errno %d\n", #call, result, error);                                           \
      }                                                                                                                \
      fflush(stdout);                                                                                                  \
      _exit(0);                                                                                                        \
    }                                                                                                                  \
    int status = 0;                                                                                                    \
    waitpid(child, &status, 0);                                                                                        \
    if (WIFSIGNALED(status)) printf("%s: signal %d\n", #call, WTERMSIG(status));                                       \
  } while (0)

static void waits(void) {
  struct pollfd one = {pair[0], POLLOUT, 0};
  struct timespec soon = {0, 1000};
  TRY(poll((struct pollfd *)bad, 1, 0));
  TRY(poll((struct pollfd *)bad, 1, 1));
  TRY(poll((struct pollfd *)last, 1, 1));
  TRY(poll((struct pollfd *)bad, 3, 1));
  TRY(poll(NULL, 1, 1));
  TRY(poll((struct pollfd *)bad, 0, 1));
  TRY(poll((struct pollfd *)text, 1, 1));
  TRY(ppoll((struct pollfd *)bad, 1, &soon, NULL));
  TRY(ppoll(&one, 1, (struct timespec *)bad, NULL));
  TRY(ppoll(&one, 1, (struct timespec *)last, NULL));
  TRY(ppoll(&one, 1, &soon, (sigset_t *)bad));
  TRY(select(4, (fd_set *)bad, NULL, NULL, NULL));
  TRY(select(0, NULL, NULL, NULL, (struct timeval *)bad));
  TRY(select(0, NULL, NULL, NULL, (struct timeval *)last));
  TRY(pselect(0, NULL, NULL, NULL, (struct timespec *)bad, NULL));
  TRY(pselect(0, NULL, NULL, NULL, &soon, (sigset_t *)bad));
  TRY(epoll_wait(queue, (struct epoll_event *)bad, 1, 1));
  TRY(epoll_pwait(queue, (struct epoll_event *)bad, 1, 1, NULL));
  TRY(epoll_pwait2(queue, (struct epoll_event *)bad, 1, (struct timespec *)bad, NULL));
  TRY(epoll_pwait2(queue, (struct epoll_event *)bad, 1, (struct timespec *)last, NULL));
  TRY(syscall(SYS_epoll_wait, queue, bad, 1, 1));
  TRY(nanosleep((struct timespec *)bad, NULL));
  TRY(nanosleep(&soon, (struct timespec *)bad));
  TRY(clock_nanosleep(CLOCK_MONOTONIC, 0, (struct timespec *)bad, NULL));
  TRY(thrd_sleep((struct timespec *)bad, NULL));
  TRY(semop(semaphores, (struct sembuf *)bad, 1));
  TRY(semop(semaphores, (struct sembuf *)last, 1));
  TRY(semtimedop(semaphores, (struct sembuf *)bad, 1, (struct timespec *)bad));
  TRY(sigtimedwait((sigset_t *)bad, NULL, (struct timespec *)bad));
  TRY(sigtimedwait((sigset_t *)text, NULL, (struct timespec *)last));
  TRY(sigwaitinfo((sigset_t *)bad, NULL));
  TRY(sigsuspend((sigset_t *)bad));
  TRY(waitpid(-1, (int *)bad, WNOHANG));
  TRY(waitid(P_ALL, 0, (siginfo_t *)bad, WEXITED | WNOHANG));
  TRY(syscall(SYS_futex, bad, 0, 0, NULL));
  TRY(syscall(SYS_futex, text, 0, 0, bad));
  TRY(msgrcv(-1, bad, 8, 0, IPC_NOWAIT));
  TRY(mq_receive(-1, bad, 8, NULL));
  TRY(getaddrinfo(NULL, NULL, (struct addrinfo *)bad, NULL));
}

static void descriptors(void) {
  TRY(read(file, bad, 4));
  TRY(read(file, text, 4));
  TRY(pread(file, bad, 4, 0));
  TRY(readv(file, (struct iovec *)bad, 1));
  TRY(preadv(file, (struct iovec *)bad, 1, 0));
  TRY(write(pair[1], bad, 4));
  TRY(pwrite(file, bad, 4, 0));
  TRY(writev(pair[1], (struct iovec *)bad, 1));
  TRY(writev(pair[1], (struct iovec *)last, 1));
  TRY(sendfile(pair[1], file, (off_t *)bad, 1));
  TRY(splice(file, (off64_t *)bad, pair[1], NULL, 1, 0));
  TRY(copy_file_range(file, (off64_t *)bad, file, NULL, 1, 0));
  TRY(recv(pair[0], bad, 4, MSG_DONTWAIT));
  TRY(recvfrom(pair[0], bad, 4, MSG_DONTWAIT, (struct sockaddr *)bad, (socklen_t *)bad));
  TRY(recvmsg(pair[0], (struct msghdr *)bad, MSG_DONTWAIT));
  TRY(recvmmsg(pair[0], (struct mmsghdr *)bad, 1, MSG_DONTWAIT, (struct timespec *)bad));
  TRY(send(pair[1], bad, 4, 0));
  TRY(sendto(pair[1], text, 1, 0, (struct sockaddr *)bad, 16));
  TRY(sendmsg(pair[1], (struct msghdr *)bad, 0));
  TRY(sendmmsg(pair[1], (struct mmsghdr *)bad, 1, 0));
  TRY(connect(pair[1], (struct sockaddr *)bad, 16));
  TRY(accept(pair[1], (struct sockaddr *)bad, (socklen_t *)bad));
  TRY(fcntl(file, F_SETLK, bad));
  TRY(fcntl(file, F_SETLKW, bad));
  TRY(ioctl(file, FIONBIO, bad));
  TRY(fstat(file, (struct stat *)bad));
  TRY(fstat(folder, (struct stat *)bad));
}

static void names(void) {
  struct stat status;
  TRY(open(bad, O_RDONLY));
  TRY(open(last, O_RDONLY));
  TRY(openat(AT_FDCWD, bad, O_RDONLY));
  TRY(creat(bad, 0600));
  TRY(stat(bad, &status));
  TRY(stat("/", (struct stat *)bad));
  TRY(stat("/proc/self/task", (struct stat *)bad));
  TRY(lstat(last, &status));
  TRY(fstatat(AT_FDCWD, bad, &status, 0));
  TRY(fstatat(folder, bad, &status, AT_EMPTY_PATH));
  TRY(statx(AT_FDCWD, bad, 0, STATX_NLINK, (struct statx *)bad));
  TRY(statx(folder, NULL, AT_EMPTY_PATH, STATX_NLINK, (struct statx *)bad));
  TRY(access(bad, 0));
  TRY(faccessat(AT_FDCWD, bad, 0, 0));
  TRY(rename(bad, last));
  TRY(link(bad, last));
  TRY(symlink(bad, last));
  TRY(unlink(bad));
  TRY(mkdir(bad, 0700));
  TRY(rmdir(bad));
  TRY(chmod(bad, 0700));
  TRY(truncate(bad, 0));
  TRY(readlink(bad, bad, 4));
  TRY(readlink("/proc/self/exe", bad, 4));
  TRY(realpath(bad, NULL));
  TRY(realpath(last, NULL));
  TRY(opendir(bad));
  TRY(scandir(bad, NULL, NULL, NULL));
  TRY(scandir(last, NULL, NULL, NULL));
  TRY(closedir(NULL));
  TRY(fopen(bad, "r"));
  TRY(fopen("/", bad));
  TRY(execve(bad, (char **)bad, NULL));
  TRY(execv("/nowhere", (char **)bad));
  TRY(execvp(bad, NULL));
  TRY(system(bad) != 0);
  TRY(syscall(SYS_openat, AT_FDCWD, bad, 0));
  TRY(syscall(SYS_newfstatat, AT_FDCWD, bad, bad, 0));
  TRY(syscall(SYS_newfstatat, folder, "", bad, AT_EMPTY_PATH));
}

static void signals(void) {
  struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } action = {SIG_DFL, 0, 0, 0};
  stack_t none = {NULL, SS_DISABLE, 0};
  TRY(sigaction(SIGTERM, (struct sigaction *)bad, NULL));
  TRY(sigaction(SIGTERM, NULL, (struct sigaction *)bad));
  TRY(sigaction(33, (struct sigaction *)bad, NULL));
  TRY(sigaction(0, (struct sigaction *)bad, NULL));
  TRY(syscall(SYS_rt_sigaction, SIGTERM, bad, NULL, 8));
  TRY(syscall(SYS_rt_sigaction, SIGTERM, last, NULL, 8));
  TRY(syscall(SYS_rt_sigaction, SIGTERM, NULL, bad, 8));
  TRY(syscall(SYS_rt_sigaction, SIGTERM, &action, text, 8));
  TRY(syscall(SYS_rt_sigaction, 99, bad, NULL, 8));
  TRY(sigaltstack((stack_t *)bad, NULL));
  TRY(sigaltstack((stack_t *)last, NULL));
  TRY(sigaltstack(NULL, (stack_t *)bad));
  TRY(sigaltstack(&none, (stack_t *)text));
  TRY(syscall(SYS_sigaltstack, bad, bad));
  TRY(syscall(SYS_sigaltstack, NULL, bad));
  TRY(sigprocmask(SIG_BLOCK, (sigset_t *)bad, NULL));
  TRY(pthread_sigmask(SIG_BLOCK, NULL, (sigset_t *)bad));
  TRY(sigwait((sigset_t *)bad, NULL));
  TRY(prctl(PR_SET_NAME, bad));
  TRY(prctl(PR_SET_SECCOMP, 77, bad));
  TRY(syscall(SYS_prctl, PR_GET_NAME, bad));
}

// What libc does not touch errno for, it does not touch.
static void streams(void) {
  char content[] = "one\ntwo\n", line[16];
  FILE *memory = fmemopen(content, sizeof content - 1, "r");
  TRY((fgets(line, sizeof line, memory), getc(memory), fread(line, 1, 2, memory)));
  TRY(fread(bad, 0, 4, stdin));
  TRY(fread(bad, 1, 4, memory));
  TRY(fclose(memory));
}

int main(int count, char **given) {
  static const struct {
    const char *name;
    void (*run)(void);
  } parts[] = {{"waits", waits}, {"descriptors", descriptors}, {"names", names}, {"signals", signals}, {"streams", streams}};
  for (unsigned i = 0; count == 1 && i < sizeof parts / sizeof *parts; ++i)
    puts(parts[i].name);
  char *memory = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  text = memory;
  bad = memory + 2 * 4096;
  last = bad - 4;
  memset(last, 'x', 4);
  mprotect(text, 4096, PROT_READ);
  mprotect(bad, 4096, PROT_NONE);
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  if (write(pair[1], "some bytes to read, more than once, for each of the children", 60) != 60) return 1;
  file = open(given[0], O_RDONLY);
  folder = open("/", O_RDONLY);
  queue = epoll_create1(0);
  struct epoll_event event = {EPOLLIN, {0}};
  epoll_ctl(queue, EPOLL_CTL_ADD, pair[0], &event);
  semaphores = semget(IPC_PRIVATE, 1, 0600);
  for (unsigned i = 0; count > 1 && i < sizeof parts / sizeof *parts; ++i)
    if (strcmp(parts[i].name, given[1]) == 0)
      parts[i].run();
  semctl(semaphores, 0, IPC_RMID);
  return count > 1 ? 9 : 0;
}
