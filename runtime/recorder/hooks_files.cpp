// Files by their names, and stdio. All of these can wait for a disk; stdio can also wait for a terminal or a pipe.
#include "recorder/counting.h"
#include "recorder/descriptors.h"
#include "recorder/hook.h"

#include <cstdarg>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tenterhook::recorder;

namespace {
constexpr What disk{.disk = true};
constexpr What disk_null{.disk = true, .failure = Failure::null};

// An open that makes a descriptor: what was known of one with its number is over.
int opened(const char *path, int made) {
  forget_descriptor(made);
  note_opened(path, made);
  return made;
}
FILE *opened(const char *path, FILE *made) {
  if (made)
    opened(path, fileno_unlocked(made));
  return made;
}
DIR *opened(const char *path, DIR *made) {
  if (made)
    opened(path, dirfd(made));
  return made;
}
#define OPENED(path, function, what, ...) opened(path, timed(function, TENTERHOOK_HERE, what, __VA_ARGS__))

// A question about a name. Where the answer counts threads, it is asked again without ours.
template <typename... Parameters, typename... Arguments>
int asked(int folder, const char *path, const Function<int(Parameters...)> &function, const Caller &here,
          Arguments... arguments) {
  int result = timed(function, here, disk, arguments...);
  return result == 0 && asked_about(folder, path) ? function(arguments...) : result;
}

What on_stream(FILE *stream, Failure failure) {
  int error = errno; // streams in memory have no descriptor, and libc complains
  int file = stream ? fileno_unlocked(stream) : -1;
  errno = error;
  return {.descriptor = file, .failure = failure};
}
#define ON_STREAM(stream, failure) TENTERHOOK_HERE, on_stream(stream, Failure::failure)
} // namespace

// --- names -----------------------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(int, open, (const char *path, int flags, mode_t mode)) {
  return OPENED(path, real_open, disk, path, flags, mode);
}
TENTERHOOK_HOOK_AS("open", nullptr, int, open64, (const char *path, int flags, mode_t mode)) {
  return OPENED(path, real_open64, disk, path, flags, mode);
}
TENTERHOOK_HOOK_AS("open", nullptr, int, __open_2, (const char *path, int flags)) {
  return OPENED(path, real___open_2, disk, path, flags);
}
TENTERHOOK_HOOK_AS("open", nullptr, int, __open64_2, (const char *path, int flags)) {
  return OPENED(path, real___open64_2, disk, path, flags);
}
TENTERHOOK_HOOK(int, openat, (int folder, const char *path, int flags, mode_t mode)) {
  return OPENED(path, real_openat, disk, folder, path, flags, mode);
}
TENTERHOOK_HOOK_AS("openat", nullptr, int, openat64, (int folder, const char *path, int flags, mode_t mode)) {
  return OPENED(path, real_openat64, disk, folder, path, flags, mode);
}
TENTERHOOK_HOOK_AS("openat", nullptr, int, __openat_2, (int folder, const char *path, int flags)) {
  return OPENED(path, real___openat_2, disk, folder, path, flags);
}
TENTERHOOK_HOOK_AS("openat", nullptr, int, __openat64_2, (int folder, const char *path, int flags)) {
  return OPENED(path, real___openat64_2, disk, folder, path, flags);
}
TENTERHOOK_HOOK(int, creat, (const char *path, mode_t mode)) { return OPENED(path, real_creat, disk, path, mode); }
TENTERHOOK_HOOK_AS("creat", nullptr, int, creat64, (const char *path, mode_t mode)) {
  return OPENED(path, real_creat64, disk, path, mode);
}
TENTERHOOK_HOOK(int, mkstemp, (char *path)) {
  int made = timed(real_mkstemp, TENTERHOOK_HERE, disk, path);
  forget_descriptor(made);
  return made;
}

#define ON_NAME(name, parameters, ...)                                                                                           \
  TENTERHOOK_HOOK(int, name, parameters) { return timed(real_##name, TENTERHOOK_HERE, disk, __VA_ARGS__); }
#define ON_NAME_AS(shown, name, parameters, ...)                                                                                 \
  TENTERHOOK_HOOK_AS(shown, nullptr, int, name, parameters) { return timed(real_##name, TENTERHOOK_HERE, disk, __VA_ARGS__); }
#define ASKS(shown, name, folder, parameters, ...)                                                                               \
  TENTERHOOK_HOOK_AS(shown, nullptr, int, name, parameters) {                                                                    \
    return asked(folder, path, real_##name, TENTERHOOK_HERE, __VA_ARGS__);                                                       \
  }
ASKS("stat", stat, AT_FDCWD, (const char *path, void *to), path, to)
ASKS("stat", stat64, AT_FDCWD, (const char *path, void *to), path, to)
ASKS("lstat", lstat, AT_FDCWD, (const char *path, void *to), path, to)
ASKS("lstat", lstat64, AT_FDCWD, (const char *path, void *to), path, to)
ASKS("fstatat", fstatat, folder, (int folder, const char *path, void *to, int flags), folder, path, to, flags)
ASKS("fstatat", fstatat64, folder, (int folder, const char *path, void *to, int flags), folder, path, to, flags)
ASKS("statx", statx, folder, (int folder, const char *path, int flags, unsigned mask, void *to), folder, path, flags, mask, to)
// Programs that were linked with a glibc before 2.33 call these.
ASKS("stat", __xstat, AT_FDCWD, (int version, const char *path, void *to), version, path, to)
ASKS("stat", __xstat64, AT_FDCWD, (int version, const char *path, void *to), version, path, to)
ASKS("lstat", __lxstat, AT_FDCWD, (int version, const char *path, void *to), version, path, to)
ASKS("lstat", __lxstat64, AT_FDCWD, (int version, const char *path, void *to), version, path, to)
ASKS("fstatat", __fxstatat, folder, (int version, int folder, const char *path, void *to, int flags), version, folder, path, to,
     flags)
ASKS("fstatat", __fxstatat64, folder, (int version, int folder, const char *path, void *to, int flags), version, folder, path, to,
     flags)

// Of what is open: it cannot wait, but may count.
#define ASKS_OPEN(name, parameters, ...)                                                                                         \
  TENTERHOOK_HOOK(int, name, parameters) {                                                                                       \
    if (counts_threads(file))                                                                                                    \
      before_reading(file);                                                                                                      \
    return real_##name(__VA_ARGS__);                                                                                             \
  }
ASKS_OPEN(fstat, (int file, void *to), file, to)
ASKS_OPEN(fstat64, (int file, void *to), file, to)
ASKS_OPEN(__fxstat, (int version, int file, void *to), version, file, to)
ASKS_OPEN(__fxstat64, (int version, int file, void *to), version, file, to)

ON_NAME(access, (const char *path, int mode), path, mode)
ON_NAME(faccessat, (int folder, const char *path, int mode, int flags), folder, path, mode, flags)
ON_NAME(rename, (const char *from, const char *to), from, to)
ON_NAME(renameat, (int from_folder, const char *from, int to_folder, const char *to), from_folder, from, to_folder, to)
ON_NAME(link, (const char *from, const char *to), from, to)
ON_NAME(symlink, (const char *from, const char *to), from, to)
ON_NAME(unlink, (const char *path), path)
ON_NAME(unlinkat, (int folder, const char *path, int flags), folder, path, flags)
ON_NAME(remove, (const char *path), path)
ON_NAME(mkdir, (const char *path, mode_t mode), path, mode)
ON_NAME(mkdirat, (int folder, const char *path, mode_t mode), folder, path, mode)
ON_NAME(rmdir, (const char *path), path)
ON_NAME(chmod, (const char *path, mode_t mode), path, mode)
ON_NAME(truncate, (const char *path, off_t size), path, size)
ON_NAME_AS("truncate", truncate64, (const char *path, off_t size), path, size)

TENTERHOOK_HOOK(void, sync, ()) {
  Caller here = TENTERHOOK_HERE;
  Thread *thread = enter(here);
  if (!thread)
    return real_sync();
  Call call(*thread, real_sync, here, disk);
  real_sync();
  call.done(false);
}
TENTERHOOK_HOOK(ssize_t, readlink, (const char *path, char *to, size_t size)) {
  return timed(real_readlink, TENTERHOOK_HERE, disk, path, to, size);
}
TENTERHOOK_HOOK(char *, realpath, (const char *path, char *to)) {
  return timed(real_realpath, TENTERHOOK_HERE, disk_null, path, to);
}
TENTERHOOK_HOOK(DIR *, opendir, (const char *path)) { return OPENED(path, real_opendir, disk_null, path); }
TENTERHOOK_HOOK(dirent *, readdir, (DIR * folder)) {
  if (folder && counts_threads(dirfd(folder)))
    before_reading(dirfd(folder));
  return timed(real_readdir, TENTERHOOK_HERE, {.disk = true, .failure = Failure::never}, folder);
}
TENTERHOOK_HOOK_AS("readdir", nullptr, dirent *, readdir64, (DIR * folder)) {
  if (folder && counts_threads(dirfd(folder)))
    before_reading(dirfd(folder));
  return timed(real_readdir64, TENTERHOOK_HERE, {.disk = true, .failure = Failure::never}, folder);
}
// They open, read and close.
#define READS_FOLDER(name, Entry)                                                                                                \
  TENTERHOOK_HOOK_AS(                                                                                                            \
      "scandir", nullptr, int, name,                                                                                             \
      (const char *path, Entry ***list, int (*wants)(const Entry *), int (*compares)(const Entry **, const Entry **))) {         \
    before_reading_all(path);                                                                                                    \
    return real_##name(path, list, wants, compares);                                                                             \
  }
READS_FOLDER(scandir, dirent)
READS_FOLDER(scandir64, dirent64)
TENTERHOOK_HOOK(int, closedir, (DIR * folder)) {
  if (folder)
    forget_descriptor(dirfd(folder));
  return real_closedir(folder);
}

// --- stdio -----------------------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(FILE *, fopen, (const char *path, const char *mode)) { return OPENED(path, real_fopen, disk_null, path, mode); }
TENTERHOOK_HOOK_AS("fopen", nullptr, FILE *, fopen64, (const char *path, const char *mode)) {
  return OPENED(path, real_fopen64, disk_null, path, mode);
}
TENTERHOOK_HOOK(FILE *, freopen, (const char *path, const char *mode, FILE *stream)) {
  if (stream)
    forget_descriptor(fileno_unlocked(stream));
  FILE *made = timed(real_freopen, TENTERHOOK_HERE, disk_null, path, mode, stream);
  return path ? opened(path, made) : made;
}
TENTERHOOK_HOOK(int, fclose, (FILE * stream)) {
  What what = on_stream(stream, Failure::nonzero);
  int file = what.descriptor;
  bool regular = describe(file, false).regular;
  what.descriptor = -1; // gone when the call is over
  what.disk = regular;
  forget_descriptor(file);
  return timed(real_fclose, TENTERHOOK_HERE, what, stream);
}
TENTERHOOK_HOOK(size_t, fread, (void *to, size_t size, size_t count, FILE *stream)) {
  return timed(real_fread, ON_STREAM(stream, never), to, size, count, stream);
}
TENTERHOOK_HOOK_AS("fread", nullptr, size_t, __fread_chk, (void *to, size_t room, size_t size, size_t count, FILE *stream)) {
  return timed(real___fread_chk, ON_STREAM(stream, never), to, room, size, count, stream);
}
TENTERHOOK_HOOK(size_t, fwrite, (const void *from, size_t size, size_t count, FILE *stream)) {
  return timed(real_fwrite, ON_STREAM(stream, never), from, size, count, stream);
}
TENTERHOOK_HOOK(char *, fgets, (char *to, int size, FILE *stream)) {
  return timed(real_fgets, ON_STREAM(stream, null), to, size, stream);
}
TENTERHOOK_HOOK_AS("fgets", nullptr, char *, __fgets_chk, (char *to, size_t room, int size, FILE *stream)) {
  return timed(real___fgets_chk, ON_STREAM(stream, null), to, room, size, stream);
}
TENTERHOOK_HOOK(int, fputs, (const char *text, FILE *stream)) {
  return timed(real_fputs, ON_STREAM(stream, negative), text, stream);
}
TENTERHOOK_HOOK(int, puts, (const char *text)) { return timed(real_puts, ON_STREAM(stdout, negative), text); }
TENTERHOOK_HOOK(int, fflush, (FILE * stream)) { return timed(real_fflush, ON_STREAM(stream, nonzero), stream); }
TENTERHOOK_HOOK(ssize_t, getdelim, (char **line, size_t *size, int delimiter, FILE *stream)) {
  return timed(real_getdelim, ON_STREAM(stream, minus_one), line, size, delimiter, stream);
}
TENTERHOOK_HOOK(ssize_t, getline, (char **line, size_t *size, FILE *stream)) {
  return timed(real_getline, ON_STREAM(stream, minus_one), line, size, stream);
}
TENTERHOOK_HOOK(int, vfprintf, (FILE * stream, const char *format, va_list arguments)) {
  return timed(real_vfprintf, ON_STREAM(stream, negative), stream, format, arguments);
}

// One character: only an empty buffer leads to a system call. std::cin reads so.
namespace {
bool is_empty(const FILE *stream) { return stream->_IO_read_ptr >= stream->_IO_read_end; }
} // namespace
TENTERHOOK_HOOK(int, getc, (FILE * stream)) {
  if (!is_empty(stream))
    return real_getc(stream);
  return timed(real_getc, ON_STREAM(stream, minus_one), stream);
}
TENTERHOOK_HOOK(int, fgetc, (FILE * stream)) {
  if (!is_empty(stream))
    return real_fgetc(stream);
  return timed(real_fgetc, ON_STREAM(stream, minus_one), stream);
}
TENTERHOOK_HOOK(int, getchar, ()) {
  if (!is_empty(stdin))
    return real_getchar();
  return timed(real_getchar, ON_STREAM(stdin, minus_one));
}

// printf and its kin take their arguments through vfprintf; the caller is theirs.
#define PRINT(name, call_name, parameters, stream, ...)                                                                          \
  TENTERHOOK_DEFINE(int, name, parameters) {                                                                                     \
    std::va_list arguments;                                                                                                      \
    va_start(arguments, format);                                                                                                 \
    int result = timed(call_name, ON_STREAM(stream, negative), __VA_ARGS__, arguments);                                          \
    va_end(arguments);                                                                                                           \
    return result;                                                                                                               \
  }
namespace {
TENTERHOOK_FUNCTION<int(FILE *, const char *, va_list)> printf_by{"vfprintf", "printf", nullptr};
TENTERHOOK_FUNCTION<int(FILE *, const char *, va_list)> fprintf_by{"vfprintf", "fprintf", nullptr};
TENTERHOOK_FUNCTION<int(FILE *, int, const char *, va_list)> printf_chk_by{"__vfprintf_chk", "printf", nullptr};
TENTERHOOK_FUNCTION<int(FILE *, int, const char *, va_list)> fprintf_chk_by{"__vfprintf_chk", "fprintf", nullptr};
TENTERHOOK_FUNCTION<int(FILE *, const char *, va_list)> scanf_by{"__isoc99_vfscanf", "scanf", nullptr};
TENTERHOOK_FUNCTION<int(FILE *, const char *, va_list)> fscanf_by{"__isoc99_vfscanf", "fscanf", nullptr};
} // namespace
PRINT(printf, printf_by, (const char *format, ...), stdout, stdout, format)
PRINT(fprintf, fprintf_by, (FILE * stream, const char *format, ...), stream, stream, format)
PRINT(__printf_chk, printf_chk_by, (int flag, const char *format, ...), stdout, stdout, flag, format)
PRINT(__fprintf_chk, fprintf_chk_by, (FILE * stream, int flag, const char *format, ...), stream, stream, flag, format)
PRINT(__isoc99_scanf, scanf_by, (const char *format, ...), stdin, stdin, format)
PRINT(__isoc99_fscanf, fscanf_by, (FILE * stream, const char *format, ...), stream, stream, format)
