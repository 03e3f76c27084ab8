// pthread mutexes, read-write locks, spin locks and condition variables. std::mutex, std::shared_mutex and
// std::condition_variable of both standard libraries come down to these.
//
// A lock is tried first, so that the clock is read only where a thread has to wait; but where libc refuses what it was given,
// whether it would have to wait or not.
#include "recorder/hook.h"
#include "recorder/locks.h"
#include "recorder/loops.h"
#include "trace/program_memory.h"

#include <pthread.h>
#include <time.h>

using namespace tenterhook::recorder;

namespace {

using tenterhook::trace::detail::read_from_program;

const void *address(const volatile void *lock) { return const_cast<const void *>(lock); }
bool got(int result) { return result == 0 || result == EOWNERDEAD; }

// Of a lock whose priority protects it libc asks the scheduler first, and may be refused.
template <typename Lock> bool may_try(const Lock *) { return true; }
bool may_try(const pthread_mutex_t *mutex) { return !(mutex->__data.__kind & 0x40); }

bool is_good(const timespec *until) {
  timespec time;
  return until && read_from_program(until, time) && time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000;
}
bool is_good(clockid_t clock, const timespec *until) {
  return (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC) && is_good(until);
}

// `attempt` and `take` return an errno value, as pthread functions do.
template <typename Lock, typename... Rest>
int take(Thread &thread, const Caller &here, const Acquisition &what, const Function<int(Lock *)> &attempt,
         const Function<int(Lock *, Rest...)> &function, Lock *lock, Rest... rest) {
  int result = EBUSY;
  if (may_try(lock))
    result = attempt(lock);
  if (got(result)) {
    acquired(thread, here, what, function.name_id(), true);
    return result;
  }
  {
    Call call(thread, function, here, {.failure = Failure::nonzero});
    call.waits_for_lock(address(lock));
    result = function(lock, rest...); // also says what is wrong, if it is not that another thread has the lock
    call.done(!got(result));
  }
  if (got(result))
    acquired(thread, here, what, function.name_id(), false);
  return result;
}

template <typename Lock> int try_to_take(const Function<int(Lock *)> &function, const Caller &here, bool shared, Lock *lock) {
  int result = function(lock);
  if (!got(result))
    return result;
  if (Thread *thread = enter(here))
    acquired(*thread, here, {address(lock), shared, true}, function.name_id(), true);
  return result;
}

template <typename Lock> int release(const Function<int(Lock *)> &function, const Caller &here, Lock *lock) {
  if (Thread *thread = enter(here))
    released(*thread, here, address(lock));
  return function(lock);
}

// The program's thread waits to be notified, without the mutex.
template <typename... Rest>
int wait_for(const Function<int(pthread_cond_t *, pthread_mutex_t *, Rest...)> &function, const Caller &here,
             pthread_cond_t *condition, pthread_mutex_t *mutex, Rest... rest) {
  Thread *thread = enter(here);
  if (!thread)
    return function(condition, mutex, rest...);
  Suspended suspended(*thread, here, mutex);
  if (begin_idle_wait(*thread, here, mutex)) {
    Turn turn(*thread, here);
    return function(condition, mutex, rest...);
  }
  return timed_in(*thread, function, here, {.failure = Failure::nonzero}, condition, mutex, rest...);
}

} // namespace

// --- mutexes ---------------------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(int, pthread_mutex_trylock, (pthread_mutex_t * mutex)) {
  return try_to_take(real_pthread_mutex_trylock, TENTERHOOK_HERE, false, mutex);
}
TENTERHOOK_HOOK(int, pthread_mutex_lock, (pthread_mutex_t * mutex)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = enter(here);
  if (!thread)
    return real_pthread_mutex_lock(mutex);
  return take(*thread, here, {mutex}, real_pthread_mutex_trylock, real_pthread_mutex_lock, mutex);
}
TENTERHOOK_HOOK(int, pthread_mutex_timedlock, (pthread_mutex_t * mutex, const timespec *until)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = is_good(until) ? enter(here) : nullptr;
  if (!thread)
    return real_pthread_mutex_timedlock(mutex, until);
  return take(*thread, here, {mutex}, real_pthread_mutex_trylock, real_pthread_mutex_timedlock, mutex, until);
}
TENTERHOOK_HOOK(int, pthread_mutex_clocklock, (pthread_mutex_t * mutex, clockid_t clock, const timespec *until)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = is_good(clock, until) ? enter(here) : nullptr;
  if (!thread)
    return real_pthread_mutex_clocklock(mutex, clock, until);
  return take(*thread, here, {mutex}, real_pthread_mutex_trylock, real_pthread_mutex_clocklock, mutex, clock, until);
}
TENTERHOOK_HOOK(int, pthread_mutex_unlock, (pthread_mutex_t * mutex)) {
  return release(real_pthread_mutex_unlock, TENTERHOOK_HERE, mutex);
}

// C11's mtx_t and cnd_t are pthread's, by functions of their own.
TENTERHOOK_HOOK(int, mtx_trylock, (pthread_mutex_t * mutex)) {
  return try_to_take(real_mtx_trylock, TENTERHOOK_HERE, false, mutex);
}
TENTERHOOK_HOOK(int, mtx_lock, (pthread_mutex_t * mutex)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = enter(here);
  if (!thread)
    return real_mtx_lock(mutex);
  return take(*thread, here, {mutex}, real_mtx_trylock, real_mtx_lock, mutex);
}
TENTERHOOK_HOOK(int, mtx_timedlock, (pthread_mutex_t * mutex, const timespec *until)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = is_good(until) ? enter(here) : nullptr;
  if (!thread)
    return real_mtx_timedlock(mutex, until);
  return take(*thread, here, {mutex}, real_mtx_trylock, real_mtx_timedlock, mutex, until);
}
TENTERHOOK_HOOK(int, mtx_unlock, (pthread_mutex_t * mutex)) { return release(real_mtx_unlock, TENTERHOOK_HERE, mutex); }

// --- read-write locks ------------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock)) {
  return try_to_take(real_pthread_rwlock_tryrdlock, TENTERHOOK_HERE, true, lock);
}
TENTERHOOK_HOOK(int, pthread_rwlock_trywrlock, (pthread_rwlock_t * lock)) {
  return try_to_take(real_pthread_rwlock_trywrlock, TENTERHOOK_HERE, false, lock);
}
TENTERHOOK_HOOK(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = enter(here);
  if (!thread)
    return real_pthread_rwlock_rdlock(lock);
  return take(*thread, here, {lock, true}, real_pthread_rwlock_tryrdlock, real_pthread_rwlock_rdlock, lock);
}
TENTERHOOK_HOOK(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = enter(here);
  if (!thread)
    return real_pthread_rwlock_wrlock(lock);
  return take(*thread, here, {lock}, real_pthread_rwlock_trywrlock, real_pthread_rwlock_wrlock, lock);
}
TENTERHOOK_HOOK(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t * lock, const timespec *until)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = is_good(until) ? enter(here) : nullptr;
  if (!thread)
    return real_pthread_rwlock_timedrdlock(lock, until);
  return take(*thread, here, {lock, true}, real_pthread_rwlock_tryrdlock, real_pthread_rwlock_timedrdlock, lock, until);
}
TENTERHOOK_HOOK(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t * lock, const timespec *until)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = is_good(until) ? enter(here) : nullptr;
  if (!thread)
    return real_pthread_rwlock_timedwrlock(lock, until);
  return take(*thread, here, {lock}, real_pthread_rwlock_trywrlock, real_pthread_rwlock_timedwrlock, lock, until);
}
TENTERHOOK_HOOK(int, pthread_rwlock_clockrdlock, (pthread_rwlock_t * lock, clockid_t clock, const timespec *until)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = is_good(clock, until) ? enter(here) : nullptr;
  if (!thread)
    return real_pthread_rwlock_clockrdlock(lock, clock, until);
  return take(*thread, here, {lock, true}, real_pthread_rwlock_tryrdlock, real_pthread_rwlock_clockrdlock, lock, clock, until);
}
TENTERHOOK_HOOK(int, pthread_rwlock_clockwrlock, (pthread_rwlock_t * lock, clockid_t clock, const timespec *until)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = is_good(clock, until) ? enter(here) : nullptr;
  if (!thread)
    return real_pthread_rwlock_clockwrlock(lock, clock, until);
  return take(*thread, here, {lock}, real_pthread_rwlock_trywrlock, real_pthread_rwlock_clockwrlock, lock, clock, until);
}
TENTERHOOK_HOOK(int, pthread_rwlock_unlock, (pthread_rwlock_t * lock)) {
  return release(real_pthread_rwlock_unlock, TENTERHOOK_HERE, lock);
}

// --- spin locks ------------------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(int, pthread_spin_trylock, (pthread_spinlock_t * lock)) {
  return try_to_take(real_pthread_spin_trylock, TENTERHOOK_HERE, false, lock);
}
TENTERHOOK_HOOK(int, pthread_spin_lock, (pthread_spinlock_t * lock)) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = enter(here);
  if (!thread)
    return real_pthread_spin_lock(lock);
  return take(*thread, here, {address(lock)}, real_pthread_spin_trylock, real_pthread_spin_lock, lock);
}
TENTERHOOK_HOOK(int, pthread_spin_unlock, (pthread_spinlock_t * lock)) {
  return release(real_pthread_spin_unlock, TENTERHOOK_HERE, lock);
}

// --- condition variables ---------------------------------------------------------------------------------------------

// x86-64 has an older pthread_cond_t; it is the default version that programs use.
#if defined(__x86_64__)
#define COND_VERSION "GLIBC_2.3.2"
#else
#define COND_VERSION nullptr
#endif

TENTERHOOK_HOOK_AS("pthread_cond_wait", COND_VERSION, int, pthread_cond_wait,
                   (pthread_cond_t * condition, pthread_mutex_t *mutex)) {
  return wait_for(real_pthread_cond_wait, TENTERHOOK_HERE, condition, mutex);
}
TENTERHOOK_HOOK_AS("pthread_cond_timedwait", COND_VERSION, int, pthread_cond_timedwait,
                   (pthread_cond_t * condition, pthread_mutex_t *mutex, const timespec *until)) {
  return wait_for(real_pthread_cond_timedwait, TENTERHOOK_HERE, condition, mutex, until);
}
TENTERHOOK_HOOK(int, pthread_cond_clockwait,
                (pthread_cond_t * condition, pthread_mutex_t *mutex, clockid_t clock, const timespec *until)) {
  return wait_for(real_pthread_cond_clockwait, TENTERHOOK_HERE, condition, mutex, clock, until);
}
TENTERHOOK_HOOK(int, cnd_wait, (pthread_cond_t * condition, pthread_mutex_t *mutex)) {
  return wait_for(real_cnd_wait, TENTERHOOK_HERE, condition, mutex);
}
TENTERHOOK_HOOK(int, cnd_timedwait, (pthread_cond_t * condition, pthread_mutex_t *mutex, const timespec *until)) {
  return wait_for(real_cnd_timedwait, TENTERHOOK_HERE, condition, mutex, until);
}
