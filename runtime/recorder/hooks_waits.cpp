// What waits for time, threads, semaphores, processes and signals; poll, select and epoll; and syscall(), through which
// std::future::get, std::atomic::wait, semaphores, latches and static initialization of the standard libraries wait.
#include "recorder/hook.h"
#include "recorder/hooks_sandbox.h"
#include "recorder/locks.h"
#include "recorder/loops.h"
#include "recorder/signals.h"
#include "trace/program_memory.h"

#include <linux/futex.h>
#include <linux/seccomp.h>
#include <mqueue.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

using namespace tenterhook::recorder;

namespace {
constexpr What fragile{.waiting = Waiting::fragile};
constexpr What of_pthread{.failure = Failure::nonzero};
constexpr What fragile_if(bool can_wait) { return {.nonblocking = !can_wait, .waiting = Waiting::fragile}; }
constexpr What of_pthread_if(bool can_wait) { return {.nonblocking = !can_wait, .failure = Failure::nonzero}; }

using tenterhook::trace::detail::read_from_program;

bool is_zero(const timespec *given) {
  timespec time;
  return given && read_from_program(given, time) && time.tv_sec == 0 && time.tv_nsec == 0;
}
bool is_zero(const timeval *given) {
  timeval time;
  return given && read_from_program(given, time) && time.tv_sec == 0 && time.tv_usec == 0;
}
// A deadline that has passed: the kernel looks once, and does not wait.
bool is_past(clockid_t clock, const timespec *until) {
  timespec time, now;
  if (!until || !read_from_program(until, time) || clock_gettime(clock, &now) != 0)
    return false;
  return time.tv_sec < now.tv_sec || (time.tv_sec == now.tv_sec && time.tv_nsec <= now.tv_nsec);
}
bool is_no_wait(const sembuf *operations, size_t count) {
  sembuf first;
  return count && read_from_program(operations, first) && (first.sem_flg & IPC_NOWAIT);
}
WaitFor of(const pollfd *list, nfds_t count) { return {WaitKind::list, count == 1 ? list : nullptr, count == 0}; }
WaitFor of(const fd_set *read, const fd_set *write, const fd_set *except) {
  return {.kind = WaitKind::list, .nothing = !read && !write && !except};
}

// A wait outside of a loop, in which the thread may hold a lock of a suspended coroutine.
template <typename Result, typename... Parameters, typename... Arguments>
Result waiting(const Function<Result(Parameters...)> &function, const Caller &here, const What &what, Arguments... arguments) {
  Thread *thread = enter(here);
  if (!thread)
    return function(arguments...);
  check_held_at_wait(*thread, nullptr);
  return timed_in(*thread, function, here, what, arguments...);
}
} // namespace

// --- time ------------------------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(unsigned, sleep, (unsigned seconds)) {
  return timed(real_sleep, TENTERHOOK_HERE, {.nonblocking = seconds == 0, .failure = Failure::never, .waiting = Waiting::fragile},
               seconds);
}
TENTERHOOK_HOOK(int, usleep, (useconds_t time)) { return timed(real_usleep, TENTERHOOK_HERE, fragile_if(time != 0), time); }
TENTERHOOK_HOOK(int, nanosleep, (const timespec *time, timespec *rest)) {
  return timed(real_nanosleep, TENTERHOOK_HERE, fragile_if(!is_zero(time)), time, rest);
}
TENTERHOOK_HOOK(int, clock_nanosleep, (clockid_t clock, int flags, const timespec *time, timespec *rest)) {
  bool over = flags & TIMER_ABSTIME ? is_past(clock, time) : is_zero(time);
  return timed(real_clock_nanosleep, TENTERHOOK_HERE,
               {.nonblocking = over, .failure = Failure::nonzero, .waiting = Waiting::fragile}, clock, flags, time, rest);
}
TENTERHOOK_HOOK(int, thrd_sleep, (const timespec *time, timespec *rest)) {
  return timed(real_thrd_sleep, TENTERHOOK_HERE,
               {.nonblocking = is_zero(time), .failure = Failure::negative, .waiting = Waiting::fragile}, time, rest);
}

// --- events ----------------------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(int, epoll_wait, (int queue, epoll_event *events, int size, int timeout)) {
  return waited(real_epoll_wait, TENTERHOOK_HERE, {WaitKind::queue}, timeout == 0, queue, events, size, timeout);
}
TENTERHOOK_HOOK(int, epoll_pwait, (int queue, epoll_event *events, int size, int timeout, const sigset_t *mask)) {
  return waited(real_epoll_pwait, TENTERHOOK_HERE, {WaitKind::queue}, timeout == 0, queue, events, size, timeout, mask);
}
TENTERHOOK_HOOK(int, epoll_pwait2, (int queue, epoll_event *events, int size, const timespec *timeout, const sigset_t *mask)) {
  return waited(real_epoll_pwait2, TENTERHOOK_HERE, {WaitKind::queue}, is_zero(timeout), queue, events, size, timeout, mask);
}
TENTERHOOK_HOOK(int, poll, (pollfd * list, nfds_t count, int timeout)) {
  return waited(real_poll, TENTERHOOK_HERE, of(list, count), timeout == 0, list, count, timeout);
}
TENTERHOOK_HOOK_AS("poll", nullptr, int, __poll_chk, (pollfd * list, nfds_t count, int timeout, size_t size)) {
  return waited(real___poll_chk, TENTERHOOK_HERE, of(list, count), timeout == 0, list, count, timeout, size);
}
TENTERHOOK_HOOK(int, ppoll, (pollfd * list, nfds_t count, const timespec *timeout, const sigset_t *mask)) {
  return waited(real_ppoll, TENTERHOOK_HERE, of(list, count), is_zero(timeout), list, count, timeout, mask);
}
TENTERHOOK_HOOK_AS("ppoll", nullptr, int, __ppoll_chk,
                   (pollfd * list, nfds_t count, const timespec *timeout, const sigset_t *mask, size_t size)) {
  return waited(real___ppoll_chk, TENTERHOOK_HERE, of(list, count), is_zero(timeout), list, count, timeout, mask, size);
}
TENTERHOOK_HOOK(int, select, (int count, fd_set *read, fd_set *write, fd_set *except, timeval *timeout)) {
  return waited(real_select, TENTERHOOK_HERE, of(read, write, except), is_zero(timeout), count, read, write, except, timeout);
}
TENTERHOOK_HOOK(int, pselect,
                (int count, fd_set *read, fd_set *write, fd_set *except, const timespec *timeout, const sigset_t *mask)) {
  return waited(real_pselect, TENTERHOOK_HERE, of(read, write, except), is_zero(timeout), count, read, write, except, timeout,
                mask);
}

// --- threads, semaphores ---------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(int, pthread_join, (pthread_t thread, void **result)) {
  return waiting(real_pthread_join, TENTERHOOK_HERE, of_pthread, thread, result);
}
TENTERHOOK_HOOK(int, pthread_timedjoin_np, (pthread_t thread, void **result, const timespec *until)) {
  return waiting(real_pthread_timedjoin_np, TENTERHOOK_HERE, of_pthread_if(!is_past(CLOCK_REALTIME, until)), thread, result,
                 until);
}
TENTERHOOK_HOOK(int, pthread_clockjoin_np, (pthread_t thread, void **result, clockid_t clock, const timespec *until)) {
  return waiting(real_pthread_clockjoin_np, TENTERHOOK_HERE, of_pthread_if(!is_past(clock, until)), thread, result, clock, until);
}
TENTERHOOK_HOOK(int, thrd_join, (pthread_t thread, int *result)) {
  return waiting(real_thrd_join, TENTERHOOK_HERE, of_pthread, thread, result);
}
TENTERHOOK_HOOK(int, pthread_barrier_wait, (pthread_barrier_t * barrier)) {
  return waiting(real_pthread_barrier_wait, TENTERHOOK_HERE, {.failure = Failure::never}, barrier);
}
TENTERHOOK_HOOK(int, sem_wait, (sem_t * semaphore)) { return waiting(real_sem_wait, TENTERHOOK_HERE, fragile, semaphore); }
TENTERHOOK_HOOK(int, sem_timedwait, (sem_t * semaphore, const timespec *until)) {
  return waiting(real_sem_timedwait, TENTERHOOK_HERE, fragile_if(!is_past(CLOCK_REALTIME, until)), semaphore, until);
}
TENTERHOOK_HOOK(int, sem_clockwait, (sem_t * semaphore, clockid_t clock, const timespec *until)) {
  return waiting(real_sem_clockwait, TENTERHOOK_HERE, fragile_if(!is_past(clock, until)), semaphore, clock, until);
}
TENTERHOOK_HOOK(int, semop, (int set, sembuf *operations, size_t count)) {
  bool nonblocking = is_no_wait(operations, count);
  return waiting(real_semop, TENTERHOOK_HERE, {.nonblocking = nonblocking, .waiting = Waiting::fragile}, set, operations, count);
}
TENTERHOOK_HOOK(int, semtimedop, (int set, sembuf *operations, size_t count, const timespec *timeout)) {
  bool nonblocking = is_no_wait(operations, count) || is_zero(timeout);
  return waiting(real_semtimedop, TENTERHOOK_HERE, {.nonblocking = nonblocking, .waiting = Waiting::fragile}, set, operations,
                 count, timeout);
}

// --- queues of messages ----------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(ssize_t, msgrcv, (int queue, void *data, size_t size, long type, int flags)) {
  return timed(real_msgrcv, TENTERHOOK_HERE, {.nonblocking = (flags & IPC_NOWAIT) != 0, .waiting = Waiting::fragile}, queue, data,
               size, type, flags);
}
TENTERHOOK_HOOK(int, msgsnd, (int queue, const void *data, size_t size, int flags)) {
  return timed(real_msgsnd, TENTERHOOK_HERE, {.nonblocking = (flags & IPC_NOWAIT) != 0, .waiting = Waiting::fragile}, queue, data,
               size, flags);
}
TENTERHOOK_HOOK(ssize_t, mq_receive, (mqd_t queue, char *data, size_t size, unsigned *priority)) {
  return timed(real_mq_receive, TENTERHOOK_HERE, {.descriptor = queue}, queue, data, size, priority);
}
TENTERHOOK_HOOK(ssize_t, mq_timedreceive, (mqd_t queue, char *data, size_t size, unsigned *priority, const timespec *until)) {
  return timed(real_mq_timedreceive, TENTERHOOK_HERE, {.descriptor = queue, .nonblocking = is_past(CLOCK_REALTIME, until)}, queue,
               data, size, priority, until);
}
TENTERHOOK_HOOK(int, mq_send, (mqd_t queue, const char *data, size_t size, unsigned priority)) {
  return timed(real_mq_send, TENTERHOOK_HERE, {.descriptor = queue}, queue, data, size, priority);
}
TENTERHOOK_HOOK(int, mq_timedsend, (mqd_t queue, const char *data, size_t size, unsigned priority, const timespec *until)) {
  return timed(real_mq_timedsend, TENTERHOOK_HERE, {.descriptor = queue, .nonblocking = is_past(CLOCK_REALTIME, until)}, queue,
               data, size, priority, until);
}

// --- asynchronous I/O: the halves that wait ---------------------------------------------------------------------------

#define WAITS_FOR_REQUESTS(shown, name)                                                                                          \
  TENTERHOOK_HOOK_AS(shown, nullptr, int, name, (const void *const *list, int count, const timespec *timeout)) {                 \
    return timed(real_##name, TENTERHOOK_HERE, fragile_if(!is_zero(timeout)), list, count, timeout);                             \
  }
WAITS_FOR_REQUESTS("aio_suspend", aio_suspend)
WAITS_FOR_REQUESTS("aio_suspend", aio_suspend64)
TENTERHOOK_HOOK(int, gai_suspend, (const void *const *list, int count, const timespec *timeout)) {
  return timed(real_gai_suspend, TENTERHOOK_HERE,
               {.nonblocking = is_zero(timeout), .failure = Failure::nonzero, .waiting = Waiting::fragile}, list, count, timeout);
}
TENTERHOOK_HOOK(int, msync, (void *begin, size_t size, int flags)) {
  return timed(real_msync, TENTERHOOK_HERE, {.nonblocking = (flags & MS_SYNC) == 0, .disk = true}, begin, size, flags);
}

// --- processes, signals ----------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(pid_t, wait, (int *status)) { return timed(real_wait, TENTERHOOK_HERE, {}, status); }
TENTERHOOK_HOOK(pid_t, waitpid, (pid_t process, int *status, int options)) {
  return timed(real_waitpid, TENTERHOOK_HERE, {.nonblocking = (options & WNOHANG) != 0}, process, status, options);
}
TENTERHOOK_HOOK(pid_t, wait3, (int *status, int options, rusage *usage)) {
  return timed(real_wait3, TENTERHOOK_HERE, {.nonblocking = (options & WNOHANG) != 0}, status, options, usage);
}
TENTERHOOK_HOOK(pid_t, wait4, (pid_t process, int *status, int options, rusage *usage)) {
  return timed(real_wait4, TENTERHOOK_HERE, {.nonblocking = (options & WNOHANG) != 0}, process, status, options, usage);
}
TENTERHOOK_HOOK(int, waitid, (idtype_t type, id_t id, siginfo_t *info, int options)) {
  return timed(real_waitid, TENTERHOOK_HERE, {.nonblocking = (options & WNOHANG) != 0}, type, id, info, options);
}
TENTERHOOK_HOOK(int, system, (const char *command)) {
  int result = timed(real_system, TENTERHOOK_HERE, {}, command);
  after_system();
  return result;
}
TENTERHOOK_HOOK(FILE *, popen, (const char *command, const char *mode)) {
  return timed(real_popen, TENTERHOOK_HERE, {.failure = Failure::null}, command, mode);
}
TENTERHOOK_HOOK(int, pclose, (FILE * stream)) { return timed(real_pclose, TENTERHOOK_HERE, {}, stream); }
TENTERHOOK_HOOK(int, pause, ()) { return timed(real_pause, TENTERHOOK_HERE, fragile); }
TENTERHOOK_HOOK(int, sigsuspend, (const sigset_t *mask)) { return timed(real_sigsuspend, TENTERHOOK_HERE, fragile, mask); }
TENTERHOOK_HOOK(int, sigwait, (const sigset_t *set, int *number)) {
  return timed(real_sigwait, TENTERHOOK_HERE, {.failure = Failure::nonzero, .waiting = Waiting::fragile}, set, number);
}
TENTERHOOK_HOOK(int, sigwaitinfo, (const sigset_t *set, siginfo_t *info)) {
  return timed(real_sigwaitinfo, TENTERHOOK_HERE, fragile, set, info);
}
TENTERHOOK_HOOK(int, sigtimedwait, (const sigset_t *set, siginfo_t *info, const timespec *timeout)) {
  return timed(real_sigtimedwait, TENTERHOOK_HERE, {.nonblocking = is_zero(timeout), .waiting = Waiting::fragile}, set, info,
               timeout);
}

// --- names -----------------------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(int, getaddrinfo, (const char *node, const char *service, const addrinfo *hints, addrinfo **result)) {
  int wanted = 0;
  bool numeric = hints && read_from_program(&hints->ai_flags, wanted) && (wanted & AI_NUMERICHOST);
  return timed(real_getaddrinfo, TENTERHOOK_HERE,
               {.nonblocking = numeric, .failure = Failure::nonzero, .waiting = Waiting::fragile}, node, service, hints, result);
}
TENTERHOOK_HOOK(int, getnameinfo,
                (const sockaddr *address, socklen_t size, char *host, socklen_t host_size, char *service, socklen_t service_size,
                 int flags)) {
  bool numeric = (flags & NI_NUMERICHOST) && (flags & NI_NUMERICSERV);
  return timed(real_getnameinfo, TENTERHOOK_HERE,
               {.nonblocking = numeric, .failure = Failure::nonzero, .waiting = Waiting::fragile}, address, size, host, host_size,
               service, service_size, flags);
}
TENTERHOOK_HOOK(hostent *, gethostbyname, (const char *name)) {
  return timed(real_gethostbyname, TENTERHOOK_HERE, fragile, name);
}
TENTERHOOK_HOOK(hostent *, gethostbyname2, (const char *name, int family)) {
  return timed(real_gethostbyname2, TENTERHOOK_HERE, fragile, name, family);
}
TENTERHOOK_HOOK(hostent *, gethostbyaddr, (const void *address, socklen_t size, int family)) {
  return timed(real_gethostbyaddr, TENTERHOOK_HERE, fragile, address, size, family);
}
#define HOST_INTO(name, first_parameters, ...)                                                                                   \
  TENTERHOOK_HOOK(int, name, first_parameters) {                                                                                 \
    return timed(real_##name, TENTERHOOK_HERE, {.failure = Failure::nonzero, .waiting = Waiting::fragile}, __VA_ARGS__, entry,   \
                 buffer, size, result, error);                                                                                   \
  }
HOST_INTO(gethostbyname_r, (const char *name, hostent *entry, char *buffer, size_t size, hostent **result, int *error), name)
HOST_INTO(gethostbyname2_r,
          (const char *name, int family, hostent *entry, char *buffer, size_t size, hostent **result, int *error), name, family)
HOST_INTO(gethostbyaddr_r,
          (const void *address, socklen_t length, int family, hostent *entry, char *buffer, size_t size, hostent **result,
           int *error),
          address, length, family)

// --- syscall() -------------------------------------------------------------------------------------------------------

namespace {
TENTERHOOK_FUNCTION<long(long)> shown_futex{"syscall", "futex", nullptr};

bool waits(long operation) {
  switch (operation & FUTEX_CMD_MASK) {
  case FUTEX_WAIT:
  case FUTEX_WAIT_BITSET:
  case FUTEX_LOCK_PI:
  case FUTEX_WAIT_REQUEUE_PI: return true;
  default: return false;
  }
}
bool is_over(long operation, const timespec *timeout) {
  switch (operation & FUTEX_CMD_MASK) {
  case FUTEX_WAIT: return is_zero(timeout);
  case FUTEX_WAIT_BITSET: return is_past(operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC, timeout);
  default: return false;
  }
}
} // namespace

// It takes up to six arguments; more than were passed are not looked at.
TENTERHOOK_HOOK(long, syscall, (long number, long a, long b, long c, long d, long e, long f)) {
  Caller here = TENTERHOOK_HERE;
  if (long done; is_done_for_signals(number, a, b, c, d, done))
    return done;
#if defined(SYS_io_uring_enter)
  if (number == SYS_io_uring_enter && c > 0) // to wait for so many completions
    return waited(real_syscall, here, {WaitKind::queue}, false, number, a, b, c, d, e, f);
#endif
#if defined(SYS_epoll_wait)
  if (number == SYS_epoll_wait)
    return waited(real_syscall, here, {WaitKind::queue}, d == 0, number, a, b, c, d, e, f);
#endif
  bool filters = number == SYS_seccomp && (a == SECCOMP_SET_MODE_STRICT || (a == SECCOMP_SET_MODE_FILTER && c));
  if (filters || (number == SYS_prctl && a == PR_SET_SECCOMP && (b != SECCOMP_MODE_FILTER || c)))
    before_filter();
  if (number == SYS_unshare || number == SYS_setns)
    before_namespace(number == SYS_setns ? b == 0 || (b & CLONE_NEWPID) : (a & CLONE_NEWPID) != 0);
  bool futex = number == SYS_futex && waits(b);
#if defined(SYS_futex_waitv)
  futex = futex || number == SYS_futex_waitv;
#endif
  Thread *thread = futex ? enter(here) : nullptr;
  if (!thread) {
    before_system_call(number, a);
    long result = real_syscall(number, a, b, c, d, e, f);
    if (after_system_call(number, a, b, result))
      result = real_syscall(number, a, b, c, d, e, f);
    return result;
  }
  check_held_at_wait(*thread, nullptr);
  bool over = number == SYS_futex && is_over(b, reinterpret_cast<const timespec *>(d));
  Call call(*thread, shown_futex, here, {.nonblocking = over});
  long result = real_syscall(number, a, b, c, d, e, f);
  call.done(false); // woken, late or interrupted: whoever waits looks again
  return result;
}
