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
#define MAKES(shown, name, parameters, ...)                                                                                      \
  TENTERHOOK_HOOK_AS(shown, nullptr, int, name, parameters) {                                                                    \
    int made = timed(real_##name, TENTERHOOK_HERE, disk, __VA_ARGS__);                                                           \
    forget_descriptor(made);                                                                                                     \
    return made;                                                                                                                 \
  }
MAKES("mkstemp", mkstemp, (char *path), path)
MAKES("mkstemp", mkstemp64, (char *path), path)
MAKES("mkostemp", mkostemp, (char *path, int flags), path, flags)
MAKES("mkostemp", mkostemp64, (char *path, int flags), path, flags)
MAKES("mkstemps", mkstemps, (char *path, int end), path, end)
MAKES("mkstemps", mkstemps64, (char *path, int end), path, end)
MAKES("mkostemps", mkostemps, (char *path, int end, int flags), path, end, flags)
MAKES("mkostemps", mkostemps64, (char *path, int end, int flags), path, end, flags)

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
ON_NAME(linkat, (int from_folder, const char *from, int to_folder, const char *to, int flags), from_folder, from, to_folder, to,
        flags)
ON_NAME(symlinkat, (const char *from, int folder, const char *to), from, folder, to)
ON_NAME(renameat2, (int from_folder, const char *from, int to_folder, const char *to, unsigned flags), from_folder, from,
        to_folder, to, flags)
ON_NAME(mkfifo, (const char *path, mode_t mode), path, mode)
ON_NAME(fchmodat, (int folder, const char *path, mode_t mode, int flags), folder, path, mode, flags)
ON_NAME(chown, (const char *path, uid_t user, gid_t group), path, user, group)
ON_NAME(lchown, (const char *path, uid_t user, gid_t group), path, user, group)
ON_NAME(fchownat, (int folder, const char *path, uid_t user, gid_t group, int flags), folder, path, user, group, flags)
ON_NAME(utimensat, (int folder, const char *path, const timespec *times, int flags), folder, path, times, flags)
ON_NAME(utimes, (const char *path, const timeval *times), path, times)
// Not chdir: Chromium calls it in a child that shares memory and has no thread-local variables.
ON_NAME(statfs, (const char *path, void *to), path, to)
ON_NAME_AS("statfs", statfs64, (const char *path, void *to), path, to)
ON_NAME(statvfs, (const char *path, void *to), path, to)
ON_NAME_AS("statvfs", statvfs64, (const char *path, void *to), path, to)

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
TENTERHOOK_HOOK_AS("readlink", nullptr, ssize_t, __readlink_chk, (const char *path, char *to, size_t size, size_t room)) {
  return timed(real___readlink_chk, TENTERHOOK_HERE, disk, path, to, size, room);
}
TENTERHOOK_HOOK(ssize_t, readlinkat, (int folder, const char *path, char *to, size_t size)) {
  return timed(real_readlinkat, TENTERHOOK_HERE, disk, folder, path, to, size);
}
TENTERHOOK_HOOK_AS("readlinkat", nullptr, ssize_t, __readlinkat_chk,
                   (int folder, const char *path, char *to, size_t size, size_t room)) {
  return timed(real___readlinkat_chk, TENTERHOOK_HERE, disk, folder, path, to, size, room);
}
TENTERHOOK_HOOK_AS("realpath", nullptr, char *, __realpath_chk, (const char *path, char *to, size_t room)) {
  return timed(real___realpath_chk, TENTERHOOK_HERE, disk_null, path, to, room);
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
#define REOPENS(name)                                                                                                            \
  TENTERHOOK_HOOK_AS("freopen", nullptr, FILE *, name, (const char *path, const char *mode, FILE *stream)) {                     \
    if (stream)                                                                                                                  \
      forget_descriptor(fileno_unlocked(stream));                                                                                \
    FILE *made = timed(real_##name, TENTERHOOK_HERE, disk_null, path, mode, stream);                                             \
    return path ? opened(path, made) : made;                                                                                     \
  }
REOPENS(freopen)
REOPENS(freopen64)
TENTERHOOK_HOOK(int, fclose, (FILE * stream)) {
  What what = on_stream(stream, Failure::nonzero);
  int file = what.descriptor;
  bool regular = describe(file, false).regular;
  what.descriptor = -1; // gone when the call is over
  what.disk = regular;
  forget_descriptor(file);
  return timed(real_fclose, TENTERHOOK_HERE, what, stream);
}
#define ON_STREAM_AS(shown, result, name, parameters, failure, ...)                                                              \
  TENTERHOOK_HOOK_AS(shown, nullptr, result, name, parameters) {                                                                 \
    return timed(real_##name, ON_STREAM(stream, failure), __VA_ARGS__);                                                          \
  }
ON_STREAM_AS("fread", size_t, fread, (void *to, size_t size, size_t count, FILE *stream), never, to, size, count, stream)
ON_STREAM_AS("fread", size_t, fread_unlocked, (void *to, size_t size, size_t count, FILE *stream), never, to, size, count, stream)
ON_STREAM_AS("fread", size_t, __fread_chk, (void *to, size_t room, size_t size, size_t count, FILE *stream), never, to, room,
             size, count, stream)
ON_STREAM_AS("fread", size_t, __fread_unlocked_chk, (void *to, size_t room, size_t size, size_t count, FILE *stream), never, to,
             room, size, count, stream)
ON_STREAM_AS("fwrite", size_t, fwrite, (const void *from, size_t size, size_t count, FILE *stream), never, from, size, count,
             stream)
ON_STREAM_AS("fwrite", size_t, fwrite_unlocked, (const void *from, size_t size, size_t count, FILE *stream), never, from, size,
             count, stream)
ON_STREAM_AS("fgets", char *, fgets, (char *to, int size, FILE *stream), null, to, size, stream)
ON_STREAM_AS("fgets", char *, fgets_unlocked, (char *to, int size, FILE *stream), null, to, size, stream)
ON_STREAM_AS("fgets", char *, __fgets_chk, (char *to, size_t room, int size, FILE *stream), null, to, room, size, stream)
ON_STREAM_AS("fgets", char *, __fgets_unlocked_chk, (char *to, size_t room, int size, FILE *stream), null, to, room, size, stream)
ON_STREAM_AS("fgetws", wchar_t *, fgetws, (wchar_t * to, int size, FILE *stream), null, to, size, stream)
ON_STREAM_AS("fgetws", wchar_t *, fgetws_unlocked, (wchar_t * to, int size, FILE *stream), null, to, size, stream)
ON_STREAM_AS("fgetws", wchar_t *, __fgetws_chk, (wchar_t * to, size_t room, int size, FILE *stream), null, to, room, size, stream)
ON_STREAM_AS("fgetws", wchar_t *, __fgetws_unlocked_chk, (wchar_t * to, size_t room, int size, FILE *stream), null, to, room,
             size, stream)
ON_STREAM_AS("fputs", int, fputs, (const char *text, FILE *stream), negative, text, stream)
ON_STREAM_AS("fputs", int, fputs_unlocked, (const char *text, FILE *stream), negative, text, stream)
TENTERHOOK_HOOK(int, puts, (const char *text)) { return timed(real_puts, ON_STREAM(stdout, negative), text); }
ON_STREAM_AS("fflush", int, fflush, (FILE * stream), nonzero, stream)
ON_STREAM_AS("fflush", int, fflush_unlocked, (FILE * stream), nonzero, stream)
ON_STREAM_AS("fseek", int, fseek, (FILE * stream, long at, int whence), nonzero, stream, at, whence)
ON_STREAM_AS("fseeko", int, fseeko, (FILE * stream, off_t at, int whence), nonzero, stream, at, whence)
ON_STREAM_AS("fseeko", int, fseeko64, (FILE * stream, off_t at, int whence), nonzero, stream, at, whence)
// In optimized code getline() is a call of __getdelim.
ON_STREAM_AS("getdelim", ssize_t, getdelim, (char **line, size_t *size, int delimiter, FILE *stream), minus_one, line, size,
             delimiter, stream)
ON_STREAM_AS("getdelim", ssize_t, __getdelim, (char **line, size_t *size, int delimiter, FILE *stream), minus_one, line, size,
             delimiter, stream)
ON_STREAM_AS("getline", ssize_t, getline, (char **line, size_t *size, FILE *stream), minus_one, line, size, stream)
ON_STREAM_AS("vfprintf", int, vfprintf, (FILE * stream, const char *format, va_list arguments), negative, stream, format,
             arguments)
ON_STREAM_AS("vfprintf", int, __vfprintf_chk, (FILE * stream, int flag, const char *format, va_list arguments), negative, stream,
             flag, format, arguments)
ON_STREAM_AS("vfscanf", int, vfscanf, (FILE * stream, const char *format, va_list arguments), minus_one, stream, format,
             arguments)
ON_STREAM_AS("vfscanf", int, __isoc99_vfscanf, (FILE * stream, const char *format, va_list arguments), minus_one, stream, format,
             arguments)
TENTERHOOK_HOOK(int, vprintf, (const char *format, va_list arguments)) {
  return timed(real_vprintf, ON_STREAM(stdout, negative), format, arguments);
}
TENTERHOOK_HOOK_AS("vprintf", nullptr, int, __vprintf_chk, (int flag, const char *format, va_list arguments)) {
  return timed(real___vprintf_chk, ON_STREAM(stdout, negative), flag, format, arguments);
}

// One character: only an empty buffer (or a full one) leads to a system call. std::cin reads so. What comes without the stream's
// lock is inline, but for __uflow and __overflow, which are called then.
namespace {
bool is_empty(const FILE *stream) { return stream->_IO_read_ptr >= stream->_IO_read_end; }
bool is_full(const FILE *stream) { return stream->_IO_write_ptr >= stream->_IO_write_end; }
} // namespace
#define ONE_CHARACTER(shown, name, parameters, stream, waits, ...)                                                               \
  TENTERHOOK_HOOK_AS(shown, nullptr, int, name, parameters) {                                                                    \
    if (!(waits))                                                                                                                \
      return real_##name(__VA_ARGS__);                                                                                           \
    return timed(real_##name, ON_STREAM(stream, minus_one) __VA_OPT__(, ) __VA_ARGS__);                                          \
  }
ONE_CHARACTER("getc", getc, (FILE * stream), stream, is_empty(stream), stream)
ONE_CHARACTER("getc", _IO_getc, (FILE * stream), stream, is_empty(stream), stream)
ONE_CHARACTER("getc", getc_unlocked, (FILE * stream), stream, is_empty(stream), stream)
ONE_CHARACTER("getc", __uflow, (FILE * stream), stream, true, stream)
ONE_CHARACTER("fgetc", fgetc, (FILE * stream), stream, is_empty(stream), stream)
ONE_CHARACTER("fgetc", fgetc_unlocked, (FILE * stream), stream, is_empty(stream), stream)
ONE_CHARACTER("getchar", getchar, (), stdin, is_empty(stdin), )
ONE_CHARACTER("getchar", getchar_unlocked, (), stdin, is_empty(stdin), )
ONE_CHARACTER("putc", putc, (int c, FILE *stream), stream, is_full(stream), c, stream)
ONE_CHARACTER("putc", __overflow, (FILE * stream, int c), stream, true, stream, c)
ONE_CHARACTER("putc", putc_unlocked, (int c, FILE *stream), stream, is_full(stream), c, stream)
ONE_CHARACTER("fputc", fputc, (int c, FILE *stream), stream, is_full(stream), c, stream)
ONE_CHARACTER("fputc", fputc_unlocked, (int c, FILE *stream), stream, is_full(stream), c, stream)
// Wide ones have a buffer of their own.
ONE_CHARACTER("getwc", getwc, (FILE * stream), stream, true, stream)
ONE_CHARACTER("fgetwc", fgetwc, (FILE * stream), stream, true, stream)
ONE_CHARACTER("getwc", getwc_unlocked, (FILE * stream), stream, true, stream)
ONE_CHARACTER("fgetwc", fgetwc_unlocked, (FILE * stream), stream, true, stream)
ONE_CHARACTER("getwchar", getwchar, (), stdin, true, )
ONE_CHARACTER("getwchar", getwchar_unlocked, (), stdin, true, )

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
TENTERHOOK_FUNCTION<int(FILE *, const char *, va_list)> old_scanf_by{"vfscanf", "scanf", nullptr};
TENTERHOOK_FUNCTION<int(FILE *, const char *, va_list)> old_fscanf_by{"vfscanf", "fscanf", nullptr};
TENTERHOOK_FUNCTION<int(FILE *, const char *, va_list)> scanf_by{"__isoc99_vfscanf", "scanf", nullptr};
TENTERHOOK_FUNCTION<int(FILE *, const char *, va_list)> fscanf_by{"__isoc99_vfscanf", "fscanf", nullptr};
} // namespace
PRINT(printf, printf_by, (const char *format, ...), stdout, stdout, format)
PRINT(fprintf, fprintf_by, (FILE * stream, const char *format, ...), stream, stream, format)
PRINT(__printf_chk, printf_chk_by, (int flag, const char *format, ...), stdout, stdout, flag, format)
PRINT(__fprintf_chk, fprintf_chk_by, (FILE * stream, int flag, const char *format, ...), stream, stream, flag, format)
PRINT(__isoc99_scanf, scanf_by, (const char *format, ...), stdin, stdin, format)
PRINT(scanf, old_scanf_by, (const char *format, ...), stdin, stdin, format)
PRINT(fscanf, old_fscanf_by, (FILE * stream, const char *format, ...), stream, stream, format)
PRINT(__isoc99_fscanf, fscanf_by, (FILE * stream, const char *format, ...), stream, stream, format)
