// See own_threads.h. The count is glibc's __nptl_nthreads, which its debugging library knows by that name: pthread_create() adds
// one before there is the thread, and a thread that takes off the last one calls exit(0). Whoever has made a thread for us
// takes it off again while it is itself counted, so that the count never is 0 for a moment.
#include "trace/own_threads.h"

#include <atomic>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>

namespace tenterhook::trace::detail {
namespace {

// Looked up when the first thread is made, as all functions are then.
unsigned *threads_of_program() noexcept {
  static constinit std::atomic<unsigned *> known{nullptr};
  unsigned *count = known.load(std::memory_order_relaxed);
  if (!count) {
    count = static_cast<unsigned *>(dlvsym(RTLD_DEFAULT, "__nptl_nthreads", "GLIBC_PRIVATE"));
    known.store(count, std::memory_order_relaxed);
  }
  return count;
}

} // namespace

bool create_own_thread(void *(*run)(void *), void *argument, std::size_t stack) noexcept {
  unsigned *count = threads_of_program();
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before); // the program's signals are for the program's threads
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (stack)
    pthread_attr_setstacksize(&attributes, stack);
  pthread_t thread;
  bool made = pthread_create(&thread, &attributes, run, argument) == 0;
  if (made && count)
    __atomic_fetch_sub(count, 1, __ATOMIC_RELAXED);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return made;
}

void end_own_thread() noexcept {
  unsigned *count = threads_of_program();
  if (count && __atomic_fetch_add(count, 1, __ATOMIC_RELAXED) == 0)
    __atomic_fetch_add(count, 1, __ATOMIC_RELAXED); // the program's last is in exit(): that is not to be called here as well
}

} // namespace tenterhook::trace::detail
