// A program that depends on libc behaving as ever: errno, EINTR, cancellation, longjmp, timeouts, its own malloc with a
// lock in it, fork, exec, signals. It aborts with a line of its own if something is different under the recorder.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <threads.h>
#include <unistd.h>
#include <vector>

#define EXPECT(condition)                                                                                              \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fprintf(stderr, "behaves.cpp:%d: %s (errno %d)\n", __LINE__, #condition, errno);                                 \
      abort();                                                                                                         \
    }                                                                                                                  \
  } while (false)

// --- malloc that takes a lock ----------------------------------------------------------------------------------------

namespace {
pthread_mutex_t heap_lock = PTHREAD_MUTEX_INITIALIZER;
alignas(16) char heap[256u << 20];
std::size_t heap_used = 0;
} // namespace
extern "C" void *malloc(std::size_t size) {
  pthread_mutex_lock(&heap_lock);
  size = (size + 31) / 16 * 16;
  char *at = heap + heap_used;
  heap_used += size;
  if (heap_used > sizeof heap) abort();
  pthread_mutex_unlock(&heap_lock);
  *reinterpret_cast<std::size_t *>(at) = size - 16;
  return at + 16;
}
extern "C" void free(void *) {}
extern "C" void *calloc(std::size_t count, std::size_t size) {
  return std::memset(malloc(count * size), 0, count * size);
}
extern "C" void *realloc(void *old, std::size_t size) {
  void *made = malloc(size);
  if (old) {
    std::size_t before = *reinterpret_cast<std::size_t *>(static_cast<char *>(old) - 16);
    std::memcpy(made, old, before < size ? before : size);
  }
  return made;
}

// --- errors, signals -------------------------------------------------------------------------------------------------

static void on_alarm(int) {}
static sigjmp_buf out;
static void jump(int) { siglongjmp(out, 1); }

static void errors_and_signals() {
  char byte;
  errno = 0;
  EXPECT(read(-1, &byte, 1) == -1 && errno == EBADF);
  errno = 77;
  std::mutex mutex;
  mutex.lock();
  mutex.unlock();
  EXPECT(getpid() > 0 && errno == 77);
  EXPECT(open("/does/not/exist", O_RDONLY) == -1 && errno == ENOENT);

  struct sigaction action {};
  action.sa_handler = on_alarm;
  sigaction(SIGALRM, &action, nullptr);
  ualarm(30000, 0);
  EXPECT(usleep(500000) == -1 && errno == EINTR);
  ualarm(30000, 0);
  EXPECT(poll(nullptr, 0, 500) == -1 && errno == EINTR);

  int ends[2];
  EXPECT(pipe(ends) == 0);
  action.sa_handler = jump;
  sigaction(SIGALRM, &action, nullptr);
  if (sigsetjmp(out, 1) == 0) {
    ualarm(30000, 0);
    (void)!read(ends[0], &byte, 1);
    EXPECT(false);
  }
  usleep(30000); // recorded all the same
  close(ends[0]);
  close(ends[1]);
  // All real-time signals are the program's.
  for (int number = SIGRTMIN; number <= SIGRTMAX; ++number) {
    static std::atomic<int> seen;
    action.sa_handler = [](int) { ++seen; };
    EXPECT(sigaction(number, &action, nullptr) == 0);
    int before = seen;
    raise(number);
    EXPECT(seen == before + 1);
    signal(number, SIG_DFL);
  }
}

// --- cancellation, exceptions ----------------------------------------------------------------------------------------

static std::atomic<int> cleaned;
struct Cleanup {
  ~Cleanup() { ++cleaned; }
};
static pthread_mutex_t waited_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t waited = PTHREAD_COND_INITIALIZER;

static void cancellation() {
  static int ends[2];
  EXPECT(pipe(ends) == 0);
  void *(*bodies[])(void *) = {
      [](void *) -> void * {
        Cleanup cleanup;
        char byte;
        (void)!read(ends[0], &byte, 1);
        return nullptr;
      },
      [](void *) -> void * {
        Cleanup cleanup;
        pthread_mutex_lock(&waited_mutex);
        pthread_cleanup_push([](void *) { pthread_mutex_unlock(&waited_mutex); }, nullptr);
        pthread_cond_wait(&waited, &waited_mutex);
        pthread_cleanup_pop(1);
        return nullptr;
      },
      [](void *) -> void * {
        Cleanup cleanup;
        pause();
        return nullptr;
      },
  };
  int expected = 0;
  for (auto body : bodies) {
    pthread_t thread;
    void *result = nullptr;
    EXPECT(pthread_create(&thread, nullptr, body, nullptr) == 0);
    usleep(20000);
    EXPECT(pthread_cancel(thread) == 0);
    EXPECT(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
    EXPECT(cleaned == ++expected);
  }
  EXPECT(pthread_mutex_trylock(&waited_mutex) == 0);
  pthread_mutex_unlock(&waited_mutex);
  try {
    std::mutex mutex;
    std::lock_guard guard(mutex);
    throw std::runtime_error("through");
  } catch (const std::exception &error) {
    EXPECT(std::strcmp(error.what(), "through") == 0);
  }
}

// --- locks -----------------------------------------------------------------------------------------------------------

static void kinds_of_locks() {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, &attributes);
  for (int i = 0; i < 3; ++i) EXPECT(pthread_mutex_lock(&mutex) == 0);
  for (int i = 0; i < 3; ++i) EXPECT(pthread_mutex_unlock(&mutex) == 0);
  EXPECT(pthread_mutex_unlock(&mutex) == EPERM);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&mutex, &attributes);
  EXPECT(pthread_mutex_lock(&mutex) == 0 && pthread_mutex_lock(&mutex) == EDEADLK &&
         pthread_mutex_trylock(&mutex) == EBUSY);
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  std::thread([&] { EXPECT(pthread_mutex_timedlock(&mutex, &now) == ETIMEDOUT); }).join();
  EXPECT(pthread_mutex_unlock(&mutex) == 0);
  pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
  EXPECT(pthread_rwlock_rdlock(&shared) == 0 && pthread_rwlock_rdlock(&shared) == 0);
  EXPECT(pthread_rwlock_trywrlock(&shared) == EBUSY);
  EXPECT(pthread_rwlock_unlock(&shared) == 0 && pthread_rwlock_unlock(&shared) == 0);
  EXPECT(pthread_rwlock_wrlock(&shared) == 0 && pthread_rwlock_rdlock(&shared) == EDEADLK);
  EXPECT(pthread_rwlock_unlock(&shared) == 0);
  pthread_spinlock_t spin;
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  EXPECT(pthread_spin_lock(&spin) == 0 && pthread_spin_trylock(&spin) == EBUSY && pthread_spin_unlock(&spin) == 0);
}

// libc refuses what cannot be right whether or not the lock is free.
static void locks_that_are_refused() {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
  timespec far{4'000'000'000, 0}, wrong{1, 2'000'000'000};
  constexpr clockid_t no_clock = 99;
  EXPECT(pthread_mutex_clocklock(&mutex, no_clock, &far) == EINVAL);
  EXPECT(pthread_mutex_timedlock(&mutex, &wrong) == 0 && pthread_mutex_unlock(&mutex) == 0); // that one is not
  EXPECT(pthread_rwlock_timedrdlock(&shared, &wrong) == EINVAL && pthread_rwlock_timedwrlock(&shared, &wrong) == EINVAL);
  EXPECT(pthread_rwlock_clockrdlock(&shared, no_clock, &far) == EINVAL);
  EXPECT(pthread_rwlock_clockwrlock(&shared, no_clock, &far) == EINVAL);
  EXPECT(pthread_rwlock_trywrlock(&shared) == 0 && pthread_rwlock_unlock(&shared) == 0);
  EXPECT(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &far) == 0 && pthread_mutex_unlock(&mutex) == 0);
  mtx_t plain;
  cnd_t condition;
  mtx_init(&plain, mtx_timed);
  cnd_init(&condition);
  timespec past{1, 0};
  EXPECT(mtx_lock(&plain) == thrd_success && mtx_trylock(&plain) == thrd_busy);
  EXPECT(mtx_timedlock(&plain, &past) == thrd_timedout && cnd_timedwait(&condition, &plain, &past) == thrd_timedout);
  EXPECT(mtx_unlock(&plain) == thrd_success && mtx_timedlock(&plain, &far) == thrd_success);
  EXPECT(mtx_unlock(&plain) == thrd_success);
}

// --- threads, libraries, processes -----------------------------------------------------------------------------------

static void threads_and_libraries() {
  std::mutex mutex;
  int sum = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 20; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 200; ++n) {
          std::lock_guard guard(mutex);
          ++sum;
        }
      });
    }
    for (std::thread &thread : threads) thread.join();
    if (void *library = dlopen("libexpat.so.1", RTLD_NOW)) dlclose(library);
  }
  EXPECT(sum == 20 * 20 * 200);
}

// A loop in a thread that blocks all signals, with a slice that is too long.
static void blocked_signals() {
  std::thread([] {
    sigset_t all;
    sigfillset(&all);
    int queue = epoll_create1(0);
    epoll_event event;
    epoll_wait(queue, &event, 1, 1);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
    epoll_wait(queue, &event, 1, 1);
    timespec begin, now;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    do {
      clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec - begin.tv_sec + (now.tv_nsec - begin.tv_nsec) / 1e9 < 0.3);
    epoll_wait(queue, &event, 1, 1);
    close(queue);
  }).join();
}

static void processes(const char *self) {
  int status = 0;
  pid_t child = fork();
  if (child == 0) {
    std::thread([] { usleep(20000); }).join();
    usleep(30000);
    exit(5);
  }
  EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 5);
  child = fork();
  if (child == 0) {
    execl(self, self, "again", static_cast<char *>(nullptr));
    abort();
  }
  EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 6);
  child = vfork();
  if (child == 0) {
    execl("/bin/true", "true", static_cast<char *>(nullptr));
    _exit(1);
  }
  EXPECT(waitpid(child, &status, 0) == child && status == 0);
  EXPECT(system("exit 9") == 9 << 8);
  EXPECT(execl("/does/not/exist", "x", static_cast<char *>(nullptr)) == -1 && errno == ENOENT);
  char text[32] = {};
  FILE *stream = popen("echo hello", "r");
  EXPECT(stream && fgets(text, sizeof text, stream) && std::strcmp(text, "hello\n") == 0 && pclose(stream) == 0);
}

// Other threads call and block, in ever other ways, while this one forks: their locks are not the child's.
[[gnu::noinline]] static void nap(int depth) {
  if (depth > 0) nap(depth - 1);
  else usleep(1100);
  cleaned.fetch_add(0); // no tail call
}
static void forks_among_threads() {
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      for (int depth = i; !done; depth = (depth + 3) % 40) nap(depth);
    });
  }
  for (int i = 0; i < 20; ++i) {
    pid_t child = fork();
    if (child == 0) {
      signal(SIGALRM, SIG_DFL);
      alarm(30);
      nap(i);
      _exit(0);
    }
    int status = 0;
    EXPECT(waitpid(child, &status, 0) == child && status == 0);
  }
  done = true;
  for (std::thread &thread : threads) thread.join();
}

// Until the thread's stack is at its end.
[[gnu::noinline]] static int descend(int depth) {
  volatile char room[1000];
  room[depth % 1000] = char(depth);
  usleep(0);
  return depth < 1'000'000'000 ? descend(depth + 1) + room[depth % 999] : 0;
}

// A loop whose turns are longer than a stall may be, and nearly all of it in fork: where the watchdog asks for a stack.
void fork_while_sampled() {
  int loop = epoll_create1(0);
  for (int turn = 0; turn < 30; ++turn) {
    epoll_event event;
    epoll_wait(loop, &event, 1, 1);
    auto begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(15)) {
      pid_t child = fork();
      if (child == 0) syscall(SYS_exit_group, 0);
      int status;
      EXPECT(waitpid(child, &status, 0) == child);
    }
  }
  close(loop);
}

int main(int count, char **arguments) {
  if (count > 1 && std::strcmp(arguments[1], "again") == 0) {
    usleep(30000);
    return 6;
  }
  if (count > 1 && std::strcmp(arguments[1], "die") == 0) {
    usleep(30000);
    abort();
  }
  if (count > 1 && std::strcmp(arguments[1], "overflow") == 0) {
    usleep(30000);
    std::thread([] { return descend(1); }).join();
  }
  if (count > 1 && std::strcmp(arguments[1], "hang") == 0) {
    puts("hangs");
    fflush(stdout);
    usleep(30000);
    for (;;) pause();
  }
  if (count > 1 && std::strcmp(arguments[1], "fork") == 0) {
    fork_while_sampled();
    puts("good");
    return 0;
  }
  errors_and_signals();
  cancellation();
  kinds_of_locks();
  locks_that_are_refused();
  threads_and_libraries();
  blocked_signals();
  processes(arguments[0]);
  forks_among_threads();
  usleep(30000);
  puts("good");
}
