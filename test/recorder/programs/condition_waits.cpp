// A thread that waits on a condition variable, in each of the three ways, gives its mutex to the thread that wakes it, and
// has another lock meanwhile; at last it waits with a recursive mutex that it took twice, which it keeps. Prints the locks'
// addresses.
#include <cstdio>
#include <ctime>
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, given = PTHREAD_MUTEX_INITIALIZER,
                       kept = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int waiting = 0, woken = 0; // so many times; by `given`

static timespec in(clockid_t clock, long nanoseconds) {
  timespec time;
  clock_gettime(clock, &time);
  time.tv_sec += (time.tv_nsec + nanoseconds) / 1'000'000'000;
  time.tv_nsec = (time.tv_nsec + nanoseconds) % 1'000'000'000;
  return time;
}

static void *wait(void *) {
  for (int way = 0; way < 3; ++way) {
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&given);
    timespec wall = in(CLOCK_REALTIME, 0), steady = in(CLOCK_MONOTONIC, 0);
    wall.tv_sec += 1000;
    steady.tv_sec += 1000;
    ++waiting;
    while (woken < waiting) {
      if (way == 0) pthread_cond_wait(&condition, &given);
      else if (way == 1) pthread_cond_timedwait(&condition, &given, &wall);
      else pthread_cond_clockwait(&condition, &given, CLOCK_MONOTONIC, &steady);
    }
    pthread_mutex_unlock(&given);
    pthread_mutex_unlock(&outer);
  }
  pthread_mutex_lock(&kept);
  pthread_mutex_lock(&kept);
  timespec soon = in(CLOCK_REALTIME, 1'000'000);
  pthread_cond_timedwait(&condition, &kept, &soon);
  pthread_mutex_unlock(&kept);
  pthread_mutex_unlock(&kept);
  return nullptr;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, wait, nullptr);
  while (woken < 3) {
    pthread_mutex_lock(&given);
    if (woken < waiting) {
      usleep(20'000);
      ++woken;
      pthread_cond_signal(&condition);
    }
    pthread_mutex_unlock(&given);
    usleep(1000);
  }
  pthread_join(thread, nullptr);
  printf("%p %p %p\n", (void *)&outer, (void *)&given, (void *)&kept);
}
