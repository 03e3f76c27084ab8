// Calls on descriptors: they wait unless the descriptor is O_NONBLOCK and not of a disk, the flags say MSG_DONTWAIT, or, for
// fcntl, the request is none that waits. Locks on files and what waits for a device to be done do so in any mode. And what
// changes descriptors, so that the cache knows.
#include "recorder/descriptors.h"
#include "recorder/hook.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

using namespace tenterhook::recorder;

#define ON(descriptor_)                                                                                                          \
  TENTERHOOK_HERE, What { .descriptor = descriptor_ }
#define ON_IN_ANY_MODE(descriptor_, nonblocking_)                                                                                \
  TENTERHOOK_HERE, What { .descriptor = descriptor_, .nonblocking = nonblocking_, .in_any_mode = true }
#define ON_WITH(descriptor_, flags_)                                                                                             \
  TENTERHOOK_HERE, What{.descriptor = descriptor_, .nonblocking = ((flags_) & MSG_DONTWAIT) != 0}

// --- reading and writing ---------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(ssize_t, read, (int file, void *data, size_t size)) { return timed(real_read, ON(file), file, data, size); }
TENTERHOOK_HOOK_AS("read", nullptr, ssize_t, __read_chk, (int file, void *data, size_t size, size_t room)) {
  return timed(real___read_chk, ON(file), file, data, size, room);
}
TENTERHOOK_HOOK(ssize_t, write, (int file, const void *data, size_t size)) {
  return timed(real_write, ON(file), file, data, size);
}
TENTERHOOK_HOOK(ssize_t, pread, (int file, void *data, size_t size, off_t at)) {
  return timed(real_pread, ON(file), file, data, size, at);
}
TENTERHOOK_HOOK_AS("pread", nullptr, ssize_t, pread64, (int file, void *data, size_t size, off_t at)) {
  return timed(real_pread64, ON(file), file, data, size, at);
}
TENTERHOOK_HOOK_AS("pread", nullptr, ssize_t, __pread_chk, (int file, void *data, size_t size, off_t at, size_t room)) {
  return timed(real___pread_chk, ON(file), file, data, size, at, room);
}
TENTERHOOK_HOOK_AS("pread", nullptr, ssize_t, __pread64_chk, (int file, void *data, size_t size, off_t at, size_t room)) {
  return timed(real___pread64_chk, ON(file), file, data, size, at, room);
}
TENTERHOOK_HOOK(ssize_t, pwrite, (int file, const void *data, size_t size, off_t at)) {
  return timed(real_pwrite, ON(file), file, data, size, at);
}
TENTERHOOK_HOOK_AS("pwrite", nullptr, ssize_t, pwrite64, (int file, const void *data, size_t size, off_t at)) {
  return timed(real_pwrite64, ON(file), file, data, size, at);
}
TENTERHOOK_HOOK(ssize_t, readv, (int file, const iovec *parts, int count)) {
  return timed(real_readv, ON(file), file, parts, count);
}
TENTERHOOK_HOOK(ssize_t, writev, (int file, const iovec *parts, int count)) {
  return timed(real_writev, ON(file), file, parts, count);
}
TENTERHOOK_HOOK(ssize_t, preadv, (int file, const iovec *parts, int count, off_t at)) {
  return timed(real_preadv, ON(file), file, parts, count, at);
}
TENTERHOOK_HOOK_AS("preadv", nullptr, ssize_t, preadv64, (int file, const iovec *parts, int count, off_t at)) {
  return timed(real_preadv64, ON(file), file, parts, count, at);
}
TENTERHOOK_HOOK(ssize_t, pwritev, (int file, const iovec *parts, int count, off_t at)) {
  return timed(real_pwritev, ON(file), file, parts, count, at);
}
TENTERHOOK_HOOK_AS("pwritev", nullptr, ssize_t, pwritev64, (int file, const iovec *parts, int count, off_t at)) {
  return timed(real_pwritev64, ON(file), file, parts, count, at);
}
#define WITH_FLAGS(shown, name)                                                                                                  \
  TENTERHOOK_HOOK_AS(shown, nullptr, ssize_t, name, (int file, const iovec *parts, int count, off_t at, int flags)) {            \
    bool no_wait = (flags & RWF_NOWAIT) != 0;                                                                                    \
    return timed(real_##name, TENTERHOOK_HERE, {.descriptor = file, .nonblocking = no_wait}, file, parts, count, at, flags);     \
  }
WITH_FLAGS("preadv2", preadv2)
WITH_FLAGS("preadv2", preadv64v2)
WITH_FLAGS("pwritev2", pwritev2)
WITH_FLAGS("pwritev2", pwritev64v2)
TENTERHOOK_HOOK(int, eventfd_read, (int file, eventfd_t *count)) { return timed(real_eventfd_read, ON(file), file, count); }
TENTERHOOK_HOOK(ssize_t, sendfile, (int to, int from, off_t *at, size_t size)) {
  return timed(real_sendfile, ON(to), to, from, at, size);
}
TENTERHOOK_HOOK_AS("sendfile", nullptr, ssize_t, sendfile64, (int to, int from, off_t *at, size_t size)) {
  return timed(real_sendfile64, ON(to), to, from, at, size);
}
// From a pipe or to one, or both: one that waits is enough. (Between two pipes one that does not is enough, and the call is over
// at once.)
TENTERHOOK_HOOK(ssize_t, splice, (int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags)) {
  int waits = describe(from, false).nonblocking ? to : from;
  return timed(real_splice, TENTERHOOK_HERE, {.descriptor = waits, .nonblocking = (flags & SPLICE_F_NONBLOCK) != 0}, from,
               from_at, to, to_at, size, flags);
}
TENTERHOOK_HOOK(ssize_t, tee, (int from, int to, size_t size, unsigned flags)) {
  int waits = describe(from, false).nonblocking ? from : to;
  return timed(real_tee, TENTERHOOK_HERE, {.descriptor = waits, .nonblocking = (flags & SPLICE_F_NONBLOCK) != 0}, from, to, size,
               flags);
}
TENTERHOOK_HOOK(ssize_t, vmsplice, (int file, const iovec *parts, size_t count, unsigned flags)) {
  return timed(real_vmsplice, TENTERHOOK_HERE, {.descriptor = file, .nonblocking = (flags & SPLICE_F_NONBLOCK) != 0}, file, parts,
               count, flags);
}
TENTERHOOK_HOOK(ssize_t, copy_file_range, (int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags)) {
  return timed(real_copy_file_range, ON(from), from, from_at, to, to_at, size, flags);
}

// --- sockets ---------------------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(ssize_t, recv, (int file, void *data, size_t size, int flags)) {
  return timed(real_recv, ON_WITH(file, flags), file, data, size, flags);
}
TENTERHOOK_HOOK_AS("recv", nullptr, ssize_t, __recv_chk, (int file, void *data, size_t size, size_t room, int flags)) {
  return timed(real___recv_chk, ON_WITH(file, flags), file, data, size, room, flags);
}
TENTERHOOK_HOOK(ssize_t, recvfrom, (int file, void *data, size_t size, int flags, sockaddr *from, socklen_t *from_size)) {
  return timed(real_recvfrom, ON_WITH(file, flags), file, data, size, flags, from, from_size);
}
TENTERHOOK_HOOK_AS("recvfrom", nullptr, ssize_t, __recvfrom_chk,
                   (int file, void *data, size_t size, size_t room, int flags, sockaddr *from, socklen_t *from_size)) {
  return timed(real___recvfrom_chk, ON_WITH(file, flags), file, data, size, room, flags, from, from_size);
}
TENTERHOOK_HOOK(ssize_t, recvmsg, (int file, msghdr *message, int flags)) {
  return timed(real_recvmsg, ON_WITH(file, flags), file, message, flags);
}
TENTERHOOK_HOOK(int, recvmmsg, (int file, mmsghdr *messages, unsigned count, int flags, timespec *timeout)) {
  return timed(real_recvmmsg, ON_WITH(file, flags), file, messages, count, flags, timeout);
}
TENTERHOOK_HOOK(ssize_t, send, (int file, const void *data, size_t size, int flags)) {
  return timed(real_send, ON_WITH(file, flags), file, data, size, flags);
}
TENTERHOOK_HOOK(ssize_t, sendto, (int file, const void *data, size_t size, int flags, const sockaddr *to, socklen_t to_size)) {
  return timed(real_sendto, ON_WITH(file, flags), file, data, size, flags, to, to_size);
}
TENTERHOOK_HOOK(ssize_t, sendmsg, (int file, const msghdr *message, int flags)) {
  return timed(real_sendmsg, ON_WITH(file, flags), file, message, flags);
}
TENTERHOOK_HOOK(int, sendmmsg, (int file, mmsghdr *messages, unsigned count, int flags)) {
  return timed(real_sendmmsg, ON_WITH(file, flags), file, messages, count, flags);
}
TENTERHOOK_HOOK(int, connect, (int file, const sockaddr *to, socklen_t size)) {
  return timed(real_connect, ON(file), file, to, size);
}
TENTERHOOK_HOOK(int, accept, (int file, sockaddr *from, socklen_t *size)) {
  int made = timed(real_accept, ON(file), file, from, size);
  forget_descriptor(made);
  return made;
}
TENTERHOOK_HOOK(int, accept4, (int file, sockaddr *from, socklen_t *size, int flags)) {
  int made = timed(real_accept4, ON(file), file, from, size, flags);
  forget_descriptor(made);
  return made;
}

// --- files that are open ---------------------------------------------------------------------------------------------

TENTERHOOK_HOOK(int, fsync, (int file)) { return timed(real_fsync, ON(file), file); }
TENTERHOOK_HOOK(int, fdatasync, (int file)) { return timed(real_fdatasync, ON(file), file); }
TENTERHOOK_HOOK(int, syncfs, (int file)) { return timed(real_syncfs, ON(file), file); }
TENTERHOOK_HOOK(int, sync_file_range, (int file, off64_t at, off64_t size, unsigned flags)) {
  return timed(real_sync_file_range, ON(file), file, at, size, flags);
}
TENTERHOOK_HOOK(int, ftruncate, (int file, off_t size)) { return timed(real_ftruncate, ON(file), file, size); }
TENTERHOOK_HOOK_AS("ftruncate", nullptr, int, ftruncate64, (int file, off_t size)) {
  return timed(real_ftruncate64, ON(file), file, size);
}
TENTERHOOK_HOOK(int, fallocate, (int file, int mode, off_t at, off_t size)) {
  return timed(real_fallocate, ON(file), file, mode, at, size);
}
TENTERHOOK_HOOK_AS("fallocate", nullptr, int, fallocate64, (int file, int mode, off_t at, off_t size)) {
  return timed(real_fallocate64, ON(file), file, mode, at, size);
}
TENTERHOOK_HOOK(int, posix_fallocate, (int file, off_t at, off_t size)) {
  return timed(real_posix_fallocate, TENTERHOOK_HERE, {.descriptor = file, .failure = Failure::nonzero}, file, at, size);
}
TENTERHOOK_HOOK_AS("posix_fallocate", nullptr, int, posix_fallocate64, (int file, off_t at, off_t size)) {
  return timed(real_posix_fallocate64, TENTERHOOK_HERE, {.descriptor = file, .failure = Failure::nonzero}, file, at, size);
}
TENTERHOOK_HOOK(int, tcdrain, (int file)) { return timed(real_tcdrain, ON_IN_ANY_MODE(file, false), file); }
TENTERHOOK_HOOK(int, flock, (int file, int operation)) {
  return timed(real_flock, ON_IN_ANY_MODE(file, (operation & (LOCK_NB | LOCK_UN)) != 0), file, operation);
}
TENTERHOOK_HOOK(int, lockf, (int file, int command, off_t size)) {
  return timed(real_lockf, ON_IN_ANY_MODE(file, command != F_LOCK), file, command, size);
}
TENTERHOOK_HOOK_AS("lockf", nullptr, int, lockf64, (int file, int command, off_t size)) {
  return timed(real_lockf64, ON_IN_ANY_MODE(file, command != F_LOCK), file, command, size);
}

// --- what changes descriptors ----------------------------------------------------------------------------------------

namespace {
void duplicated(int from, int to) {
  bool counts = counts_threads(from);
  forget_descriptor(to);
  if (counts && to >= 0)
    note_counts_threads(to);
}
int control(const Function<int(int, int, void *)> &function, const Caller &here, int file, int command, void *argument) {
  if (command == F_SETLKW || command == F_OFD_SETLKW)
    return timed(function, here, {.descriptor = file, .in_any_mode = true}, file, command, argument);
  int result = function(file, command, argument);
  if (command == F_SETFL)
    forget_descriptor(file);
  if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
    duplicated(file, result);
  return result;
}
} // namespace

TENTERHOOK_HOOK(int, fcntl, (int file, int command, void *argument)) {
  return control(real_fcntl, TENTERHOOK_HERE, file, command, argument);
}
TENTERHOOK_HOOK_AS("fcntl", nullptr, int, fcntl64, (int file, int command, void *argument)) {
  return control(real_fcntl64, TENTERHOOK_HERE, file, command, argument);
}
TENTERHOOK_HOOK(int, ioctl, (int file, unsigned long request, void *argument)) {
  int result = real_ioctl(file, request, argument);
  if (request == FIONBIO)
    forget_descriptor(file);
  return result;
}
TENTERHOOK_HOOK(int, close, (int file)) {
  forget_descriptor(file);
  return real_close(file);
}
TENTERHOOK_HOOK(int, dup2, (int from, int to)) {
  int result = real_dup2(from, to);
  duplicated(from, result);
  return result;
}
TENTERHOOK_HOOK(int, dup3, (int from, int to, int flags)) {
  int result = real_dup3(from, to, flags);
  duplicated(from, result);
  return result;
}
TENTERHOOK_HOOK(int, socket, (int domain, int type, int protocol)) {
  int made = real_socket(domain, type, protocol);
  forget_descriptor(made);
  return made;
}
