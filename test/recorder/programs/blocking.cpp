// Calls that block in coroutines of an own loop: each marked line must be recorded as often as it says, in a coroutine
// or not, and lines marked `never` must not. See check.py for the marks.
#include "coroutines.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fcntl.h>
#include <fstream>
#include <future>
#include <latch>
#include <linux/futex.h>
#include <mutex>
#include <poll.h>
#include <semaphore.h>
#include <semaphore>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <thread>
#include <threads.h>

using namespace std::chrono_literals;

constexpr auto pause_time = 25ms;
Loop loop;

// The kernel says that the thread waits: for a futex, a pipe or a file's lock.
[[gnu::noinline]] bool is_waiting(pid_t thread) {
  std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/syscall");
  long call = -1;
  if (!(file >> call)) return false; // it runs
  for (long waits : {SYS_futex, SYS_read, SYS_flock, SYS_fcntl, SYS_preadv2, SYS_tee})
    if (call == waits) return true;
  return false;
}

// Once the caller waits: on a busy machine it may come to that late.
template <typename Function> std::thread later(Function function) {
  return std::thread([function, caller = gettid()] {
    while (!is_waiting(caller)) std::this_thread::sleep_for(1ms); // block nanosleep|clock_nanosleep outside *
    std::this_thread::sleep_for(pause_time); // block nanosleep|clock_nanosleep outside *
    function();
  });
}

[[gnu::noinline]] void helper() {
  std::this_thread::sleep_for(pause_time); // block nanosleep|clock_nanosleep inside 3
}

Task co_sleeps() {
  usleep(25000); // block usleep inside 1
  co_await loop.turn();
  usleep(25000); // block usleep inside 1
  for (int i = 0; i < 3; ++i) {
    co_await loop.turn();
    helper(); // the sleep's line is above
  }
}

Task co_pipe() {
  co_await loop.turn();
  int ends[2];
  if (pipe(ends) != 0) std::terminate();
  char byte = 0;
  std::thread writer = later([&] { (void)!write(ends[1], "x", 1); });
  (void)!read(ends[0], &byte, 1); // block read inside 1
  writer.join();
  (void)!write(ends[1], "y", 1); // never
  (void)!read(ends[0], &byte, 1); // never
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  for (int i = 0; i < 10; ++i) (void)!read(ends[0], &byte, 1); // never
  pollfd waiting{ends[0], POLLIN, 0};
  poll(&waiting, 1, 25); // block poll inside 1
  poll(&waiting, 1, 0);  // never
  close(ends[0]);
  close(ends[1]);
}

Task co_futures() {
  co_await loop.turn();
  std::promise<int> promise;
  std::thread setter = later([&] { promise.set_value(1); });
  promise.get_future().get(); // block futex inside 1
  setter.join();
  std::atomic<int> value{0};
  setter = later([&] {
    value = 1;
    value.notify_all();
  });
  value.wait(0); // block futex inside 1
  setter.join();
  std::counting_semaphore<> semaphore{0};
  setter = later([&] { semaphore.release(); });
  semaphore.acquire(); // block futex|sem_wait inside 1
  setter.join();
  std::latch latch{1};
  setter = later([&] { latch.count_down(); });
  latch.wait(); // block futex inside 1
  setter.join();
  setter = later([] {});
  setter.join(); // block pthread_join inside 1
}

Task co_locks() {
  co_await loop.turn();
  std::mutex mutex;
  std::condition_variable condition;
  bool ready = false;
  std::thread setter = later([&] {
    std::lock_guard guard(mutex);
    ready = true;
    condition.notify_one();
  });
  {
    std::unique_lock lock(mutex);
    condition.wait(lock, [&] { return ready; }); // block pthread_cond_wait inside 1
  }
  setter.join();
  std::atomic<bool> locked = false;
  setter = std::thread([&] {
    std::lock_guard guard(mutex);
    locked = true;
    std::this_thread::sleep_for(pause_time); // block nanosleep|clock_nanosleep outside 1
  });
  while (!locked) std::this_thread::yield();
  mutex.lock(); // block pthread_mutex_lock inside 1
  mutex.unlock();
  setter.join();
  for (int i = 0; i < 1000; ++i) std::lock_guard guard(mutex); // never
}

Task co_process() {
  co_await loop.turn();
  pid_t child = fork();
  if (child == 0) {
    usleep(25000);
    _exit(3);
  }
  int status = 0;
  waitpid(child, &status, 0); // block waitpid inside 1
  if (WEXITSTATUS(status) != 3) std::terminate();
}

// What cannot wait is no call that blocks, however long the thread is without a processor in it.
Task co_instants() {
  co_await loop.turn();
  constexpr timespec zero{0, 0}, past{1, 0}, future{1'000'000'000'000, 0};
  sem_t none, one;
  sem_init(&none, 0, 0);
  sem_init(&one, 0, 1);
  unsigned word = 1;
  constexpr long every = FUTEX_BITSET_MATCH_ANY;
  sleep(0);                                                       // instant sleep 1
  usleep(0);                                                      // instant usleep 1
  usleep(1);                                                      // reached usleep 1, instant usleep 0, block usleep inside *
  nanosleep(&zero, nullptr);                                      // instant nanosleep 1
  clock_nanosleep(CLOCK_MONOTONIC, 0, &zero, nullptr);            // instant clock_nanosleep 1
  clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &past, nullptr); // instant clock_nanosleep 1
  thrd_sleep(&zero, nullptr);                                     // instant thrd_sleep 1
  sem_timedwait(&none, &past);                                    // instant sem_timedwait 1
  sem_timedwait(&one, &future);                 // reached sem_timedwait 1, instant sem_timedwait 0, block sem_timedwait inside *
  sem_clockwait(&none, CLOCK_MONOTONIC, &zero); // instant sem_clockwait 1
  syscall(SYS_futex, &word, FUTEX_WAIT, 1, &zero, nullptr, 0);        // instant futex 1
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 1, &past, 0, every);   // instant futex 1
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 2, &future, 0, every); // reached futex 1, instant futex 0, block futex inside *
  syscall(SYS_futex, &word, FUTEX_WAIT, 2, nullptr, nullptr, 0);      // reached futex 1, instant futex 0, block futex inside *
  pthread_t ended;
  pthread_create(&ended, nullptr, [](void *) -> void * { return nullptr; }, nullptr);
  while (pthread_timedjoin_np(ended, nullptr, &past) != 0) // instant pthread_timedjoin_np *
    std::this_thread::sleep_for(1ms);                      // block nanosleep|clock_nanosleep inside *
}

int lock_holder, lock_taker; // two openings of one file, the second with O_NONBLOCK
void open_lock_file() {
  char name[] = "/tmp/tenterhook.XXXXXX";
  lock_holder = mkostemp(name, O_CLOEXEC);
  lock_taker = open(name, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (lock_holder < 0 || lock_taker < 0 || unlink(name) != 0) std::terminate();
}

// Locks of files wait whether or not the descriptor is O_NONBLOCK.
Task co_file_locks() {
  co_await loop.turn();
  flock(lock_holder, LOCK_EX);
  std::thread unlocks = later([] { flock(lock_holder, LOCK_UN); });
  flock(lock_taker, LOCK_EX | LOCK_NB); // instant flock 1
  flock(lock_taker, LOCK_EX);           // block flock inside 1
  unlocks.join();
  flock(lock_taker, LOCK_UN); // instant flock 1
  struct flock whole{};
  whole.l_type = F_WRLCK;
  fcntl(lock_holder, F_OFD_SETLK, &whole);
  unlocks = later([] {
    struct flock none{};
    none.l_type = F_UNLCK;
    fcntl(lock_holder, F_OFD_SETLK, &none);
  });
  fcntl(lock_taker, F_OFD_SETLKW, &whole); // block fcntl inside 1
  unlocks.join();
}

// One function by the names that headers, options and the optimizer give to it, and those that are seldom used.
Task co_other_names() {
  co_await loop.turn();
  int ends[2];
  if (pipe(ends) != 0) std::terminate();
  FILE *stream = fdopen(ends[0], "r");
  auto writes = [&ends] { (void)!write(ends[1], "line\n", 5); };
  char bytes[8], *line = nullptr;
  size_t size = 0;
  std::thread writer = later(writes);
  (void)!getline(&line, &size, stream); // block getline|getdelim inside 1
  writer.join();
  writer = later(writes);
  getc_unlocked(stream); // block getc inside 1
  writer.join();
  for (int i = 0; i < 4; ++i) getc_unlocked(stream); // never
  writer = later(writes);
  iovec part{bytes, 5};
  (void)!preadv2(ends[0], &part, 1, -1, 0); // block preadv2 inside 1
  writer.join();
  int others[2];
  if (pipe(others) != 0) std::terminate();
  writer = later(writes);
  (void)!tee(ends[0], others[1], 5, 0); // block tee inside 1
  writer.join();
  (void)!tee(ends[0], others[1], 5, SPLICE_F_NONBLOCK); // instant tee 1
  mtx_t mutex;
  cnd_t condition;
  mtx_init(&mutex, mtx_plain);
  cnd_init(&condition);
  bool ready = false;
  writer = later([&] {
    mtx_lock(&mutex);
    ready = true;
    cnd_signal(&condition);
    mtx_unlock(&mutex);
  });
  mtx_lock(&mutex);
  while (!ready) cnd_wait(&condition, &mutex); // block cnd_wait inside 1
  mtx_unlock(&mutex);
  writer.join();
  free(line);
  for (int end : {ends[1], others[0], others[1]}) close(end);
}

int main() {
  open_lock_file();
  co_sleeps();
  co_instants();
  co_pipe();
  co_futures();
  co_locks();
  co_process();
  co_file_locks();
  co_other_names();
  loop.run();
  usleep(25000); // block usleep outside 1
}
