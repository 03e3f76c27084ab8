// What happens to the process as a whole: another program takes its place, it ends without handlers, it unloads code.
// Nothing of it is recorded; the trace is put in order before.
#include "recorder/code.h"
#include "recorder/hook.h"
#include "recorder/sampling.h"
#include "trace/unwind.h"

#include <alloca.h>
#include <cstdarg>
#include <unistd.h>

using namespace tenterhook::recorder;
namespace trace = tenterhook::trace;

namespace {

// If exec fails the process goes on, and its trace too. A vfork child is another process: finish() sees that and does
// nothing.
template <typename... Parameters, typename... Arguments>
int replaced(const Function<int(Parameters...)> &function, Arguments... arguments) {
  if (trace::active() && !trace::inside_writer()) {
    int error = errno;
    trace::finish(trace::Ending::exec, 0);
    errno = error;
  }
  NoSamples none;
  return function(arguments...);
}

// The arguments of execl and its kin, up to the null; alloca must be the hook's.
#define TENTERHOOK_COLLECT(first, arguments, list)                                                                               \
  va_start(arguments, first);                                                                                                    \
  std::size_t list##_count = 1;                                                                                                  \
  while (va_arg(arguments, char *))                                                                                              \
    ++list##_count;                                                                                                              \
  va_end(arguments);                                                                                                             \
  auto **list = static_cast<char **>(alloca((list##_count + 1) * sizeof(char *)));                                               \
  va_start(arguments, first);                                                                                                    \
  list[0] = const_cast<char *>(first);                                                                                           \
  for (std::size_t i = 1; i <= list##_count; ++i)                                                                                \
  list[i] = va_arg(arguments, char *)

} // namespace

TENTERHOOK_HOOK(int, execve, (const char *path, char *const *arguments, char *const *environment)) {
  return replaced(real_execve, path, arguments, environment);
}
TENTERHOOK_HOOK(int, execv, (const char *path, char *const *arguments)) { return replaced(real_execv, path, arguments); }
TENTERHOOK_HOOK(int, execvp, (const char *file, char *const *arguments)) { return replaced(real_execvp, file, arguments); }
TENTERHOOK_HOOK(int, execvpe, (const char *file, char *const *arguments, char *const *environment)) {
  return replaced(real_execvpe, file, arguments, environment);
}
TENTERHOOK_HOOK(int, fexecve, (int file, char *const *arguments, char *const *environment)) {
  return replaced(real_fexecve, file, arguments, environment);
}
TENTERHOOK_HOOK(int, execveat, (int folder, const char *path, char *const *arguments, char *const *environment, int flags)) {
  return replaced(real_execveat, folder, path, arguments, environment, flags);
}
TENTERHOOK_DEFINE(int, execl, (const char *path, const char *first, ...)) {
  std::va_list arguments;
  TENTERHOOK_COLLECT(first, arguments, list);
  va_end(arguments);
  return replaced(real_execv, path, static_cast<char *const *>(list));
}
TENTERHOOK_DEFINE(int, execlp, (const char *file, const char *first, ...)) {
  std::va_list arguments;
  TENTERHOOK_COLLECT(first, arguments, list);
  va_end(arguments);
  return replaced(real_execvp, file, static_cast<char *const *>(list));
}
TENTERHOOK_DEFINE(int, execle, (const char *path, const char *first, ...)) {
  std::va_list arguments;
  TENTERHOOK_COLLECT(first, arguments, list);
  char *const *environment = va_arg(arguments, char *const *);
  va_end(arguments);
  return replaced(real_execve, path, static_cast<char *const *>(list), environment);
}

namespace {
void end_quickly(int status) {
  if (!trace::active() || trace::inside_writer())
    return;
  trace::finish(trace::Ending::quick_exit, std::uint32_t(status));
}
} // namespace

// exit() and quick_exit() are seen by the trace's own handlers. finish() waits for the file and then tracing is off.
TENTERHOOK_HOOK(void, _exit, (int status)) {
  end_quickly(status);
  real__exit(status);
  __builtin_trap();
}
TENTERHOOK_HOOK(void, _Exit, (int status)) {
  end_quickly(status);
  real__Exit(status);
  __builtin_trap();
}

// With two threads, no call may need the loader's lock: who has it may wait for a lock of the one that calls.
TENTERHOOK_HOOK(int, pthread_create,
                (pthread_t * thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument)) {
  prepare_all_functions();
  return real_pthread_create(thread, attributes, run, argument);
}

// A child that shares memory may have thread-local variables that are none (Chromium's that changes its root): nothing is to be
// looked up there. What the caller did not give of the last three is handed on as whatever it is.
TENTERHOOK_HOOK(int, clone,
                (int (*run)(void *), void *stack, int flags, void *argument, void *parent, void *locals, void *child)) {
  prepare_all_functions();
  return real_clone(run, stack, flags, argument, parent, locals, child);
}

TENTERHOOK_HOOK(int, dlclose, (void *library)) {
  if (!trace::active() || trace::inside_writer())
    return real_dlclose(library);
  trace::flush(); // the library may have come since the writer looked
  int result;
  {
    KeptAddresses kept;
    result = real_dlclose(library);
  }
  forget_code();
  trace::detail::forget_frame_rows();
  return result;
}
