// What happens to the process as a whole: another program takes its place, it ends without handlers, it unloads code.
// Nothing of it is recorded; the trace is put in order before.
#include "recorder/code.h"
#include "recorder/hook.h"
#include "recorder/sampling.h"
#include "trace/system.h"
#include "trace/unwind.h"

#include <algorithm>
#include <alloca.h>
#include <climits>
#include <cstdarg>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/syscall.h>
#include <unistd.h>

using namespace tenterhook::recorder;
namespace trace = tenterhook::trace;

namespace {

constexpr std::string_view preload = "LD_PRELOAD=", own_name = "libtenterhook_recorder.so";

// The next of the libraries that LD_PRELOAD names, from `at`, which goes on behind it; empty at the end.
std::string_view next_library(std::string_view &at) {
  const std::size_t begin = at.find_first_not_of(": ");
  if (begin == at.npos)
    return at = {};
  const std::size_t end = std::min(at.find_first_of(": ", begin), at.size());
  const std::string_view name = at.substr(begin, end - begin);
  at.remove_prefix(end);
  return name;
}

bool is_own(std::string_view library) {
  return library.ends_with(own_name) &&
         (library.size() == own_name.size() || library[library.size() - own_name.size() - 1] == '/');
}

// The variable that names our library where the loader will not find it: in another root folder, or for who may not read it.
// There the loader says so on standard error, and the program goes without it as it is. By system calls that the loader makes
// too.
char *const *lost_preload(char *const *environment) {
  char *const *at = environment;
  while (at && *at && !std::string_view(*at).starts_with(preload))
    ++at;
  if (!at || !*at)
    return nullptr;
  for (std::string_view left = std::string_view(*at).substr(preload.size()), name = next_library(left); !name.empty();
       name = next_library(left))
    if (is_own(name)) {
      char path[PATH_MAX];
      if (name.size() >= sizeof path)
        return nullptr;
      path[name.copy(path, name.size())] = 0;
      return trace::detail::system_call(SYS_faccessat, AT_FDCWD, long(path), R_OK) == 0 ? nullptr : at;
    }
  return nullptr;
}

// If exec fails the process goes on, and its trace too. A vfork child is another process, whose memory is its parent's: finish()
// sees that and does nothing, and the environment that the new program gets is on this stack.
template <typename Exec> int replaced(char *const *environment, const Exec &exec) {
  if (trace::active() && !trace::inside_writer()) {
    int error = errno;
    trace::finish(trace::Ending::exec, 0);
    errno = error;
  }
  NoSamples none;
  char *const *lost = lost_preload(environment);
  if (!lost)
    return exec(environment);
  std::size_t count = 0;
  while (environment[count])
    ++count;
  auto **shorter = static_cast<char **>(alloca((count + 1) * sizeof(char *)));
  char *kept = static_cast<char *>(alloca(std::strlen(*lost) + 1)), *end = kept + preload.copy(kept, preload.size());
  bool any = false;
  for (std::string_view left = std::string_view(*lost).substr(preload.size()), name = next_library(left); !name.empty();
       name = next_library(left))
    if (!is_own(name)) {
      if (any)
        *end++ = ':';
      end += name.copy(end, name.size());
      any = true;
    }
  *end = 0;
  std::size_t to = 0;
  for (char *const *at = environment; *at; ++at)
    if (at != lost)
      shorter[to++] = *at;
    else if (any)
      shorter[to++] = kept;
  shorter[to] = nullptr;
  return exec(shorter);
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

using Environment = char *const *;
TENTERHOOK_HOOK(int, execve, (const char *path, char *const *arguments, char *const *environment)) {
  return replaced(environment, [&](Environment given) { return real_execve(path, arguments, given); });
}
TENTERHOOK_DEFINE(int, execv, (const char *path, char *const *arguments)) {
  return replaced(environ, [&](Environment given) { return real_execve(path, arguments, given); });
}
TENTERHOOK_HOOK(int, execvpe, (const char *file, char *const *arguments, char *const *environment)) {
  return replaced(environment, [&](Environment given) { return real_execvpe(file, arguments, given); });
}
TENTERHOOK_DEFINE(int, execvp, (const char *file, char *const *arguments)) {
  return replaced(environ, [&](Environment given) { return real_execvpe(file, arguments, given); });
}
TENTERHOOK_HOOK(int, fexecve, (int file, char *const *arguments, char *const *environment)) {
  return replaced(environment, [&](Environment given) { return real_fexecve(file, arguments, given); });
}
TENTERHOOK_HOOK(int, execveat, (int folder, const char *path, char *const *arguments, char *const *environment, int flags)) {
  return replaced(environment, [&](Environment given) { return real_execveat(folder, path, arguments, given, flags); });
}
TENTERHOOK_DEFINE(int, execl, (const char *path, const char *first, ...)) {
  std::va_list arguments;
  TENTERHOOK_COLLECT(first, arguments, list);
  va_end(arguments);
  return replaced(environ, [&](Environment given) { return real_execve(path, list, given); });
}
TENTERHOOK_DEFINE(int, execlp, (const char *file, const char *first, ...)) {
  std::va_list arguments;
  TENTERHOOK_COLLECT(first, arguments, list);
  va_end(arguments);
  return replaced(environ, [&](Environment given) { return real_execvpe(file, list, given); });
}
TENTERHOOK_DEFINE(int, execle, (const char *path, const char *first, ...)) {
  std::va_list arguments;
  TENTERHOOK_COLLECT(first, arguments, list);
  char *const *environment = va_arg(arguments, char *const *);
  va_end(arguments);
  return replaced(environment, [&](Environment given) { return real_execve(path, list, given); });
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
