// RUN: %verify %s
// Locks of POSIX and C.
#include "../Inputs/task.h"
#include <pthread.h>
#include <threads.h>

pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t g_rwlock = PTHREAD_RWLOCK_INITIALIZER;
pthread_spinlock_t g_spin;
mtx_t g_mtx;
struct state {
  pthread_mutex_t mutex;
  pthread_mutex_t shards[4];
  state *next;
};

task<> mutex() {
  pthread_mutex_lock(&g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  pthread_mutex_unlock(&g_mutex);
}
task<> mutex_fixed() {
  pthread_mutex_lock(&g_mutex);
  pthread_mutex_unlock(&g_mutex);
  co_await tick();
}
task<> field(state *s) {
  pthread_mutex_lock(&s->mutex);
  co_await tick(); // finding: lock-across-await certain "'s.mutex'"
  pthread_mutex_unlock(&s->mutex);
}
task<> field_fixed(state *s) {
  pthread_mutex_lock(&s->mutex);
  pthread_mutex_unlock(&s->mutex);
  co_await tick();
}
task<> field_of_other(state *s) {
  pthread_mutex_lock(&s->mutex);
  pthread_mutex_unlock(&s->next->mutex);
  co_await tick(); // finding: lock-across-await certain "'s.mutex'"
}
task<> element(state &s, int i) {
  pthread_mutex_lock(&s.shards[i]);
  co_await tick(); // finding: lock-across-await certain "'s.shards[]'"
  pthread_mutex_unlock(&s.shards[i]);
}
task<> by_pointer(pthread_mutex_t *m) {
  pthread_mutex_lock(m);
  co_await tick(); // finding: lock-across-await certain "'m'"
  pthread_mutex_unlock(m);
}
task<> attempt() {
  if (pthread_mutex_trylock(&g_mutex) == 0) {
    co_await tick(); // finding: lock-across-await certain
    pthread_mutex_unlock(&g_mutex);
  } else {
    co_await tick();
  }
}
task<> attempt_failed() {
  if (pthread_mutex_trylock(&g_mutex) != 0)
    co_await tick();
  else
    pthread_mutex_unlock(&g_mutex);
}
task<> attempt_as_bool() {
  if (pthread_mutex_trylock(&g_mutex)) {
    co_await tick();
    co_return;
  }
  pthread_mutex_unlock(&g_mutex);
}
task<> attempt_in_variable() {
  int error = pthread_mutex_trylock(&g_mutex);
  if (error) {
    co_await tick();
    co_return;
  }
  co_await tick(); // finding: lock-across-await certain
  pthread_mutex_unlock(&g_mutex);
}
task<> error_checked() {
  if (pthread_mutex_lock(&g_mutex) != 0)
    co_return;
  co_await tick(); // finding: lock-across-await
  pthread_mutex_unlock(&g_mutex);
}
task<> reader() {
  pthread_rwlock_rdlock(&g_rwlock);
  co_await tick(); // finding: lock-across-await certain "'g_rwlock'"
  pthread_rwlock_unlock(&g_rwlock);
}
task<> writer() {
  pthread_rwlock_wrlock(&g_rwlock);
  co_await tick(); // finding: lock-across-await certain "'g_rwlock'"
  pthread_rwlock_unlock(&g_rwlock);
}
task<> rwlock_fixed() {
  pthread_rwlock_wrlock(&g_rwlock);
  pthread_rwlock_unlock(&g_rwlock);
  co_await tick();
}
task<> spin() {
  pthread_spin_lock(&g_spin);
  co_await tick(); // finding: lock-across-await certain "'g_spin'"
  pthread_spin_unlock(&g_spin);
}
task<> spin_fixed() {
  pthread_spin_lock(&g_spin);
  pthread_spin_unlock(&g_spin);
  co_await tick();
}
task<> c11() {
  mtx_lock(&g_mtx);
  co_await tick(); // finding: lock-across-await certain "'g_mtx'"
  mtx_unlock(&g_mtx);
}
task<> c11_attempt() {
  if (mtx_trylock(&g_mtx) != thrd_success)
    co_await tick();
  else
    mtx_unlock(&g_mtx);
}
