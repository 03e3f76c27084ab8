// A file's lock is held by another process, for as long as that likes: it counts without an option, unlike the program's
// own locks.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

task<> waits(int fd, struct flock *range, struct flock *other) {
  flock(fd, LOCK_EX);             // finding: blocking-call-in-coroutine "waits for a file lock" "or try with LOCK_NB"
  flock(fd, LOCK_SH);             // finding: blocking-call-in-coroutine
  lockf(fd, F_LOCK, 0);           // finding: blocking-call-in-coroutine "waits for a file lock" "F_TLOCK"
  fcntl(fd, F_SETLKW, range);     // finding: blocking-call-in-coroutine "waits for a file lock" "F_SETLK "
  fcntl(fd, F_OFD_SETLKW, other); // finding: blocking-call-in-coroutine
  co_await tick();
}
// Waits for one range are one finding, as all calls on one handle are.
task<> once(int fd, struct flock *range) {
  fcntl(fd, F_SETLKW, range); // finding: blocking-call-in-coroutine "'fcntl'"
  fcntl(fd, F_SETLKW, range);
  co_await tick();
}
bool locked(int fd) { return flock(fd, LOCK_EX) == 0; } // finding: blocking-call-in-coroutine
task<> in_a_helper(int fd) {
  use(locked(fd));
  co_await tick();
}

task<> quiet(int fd, struct flock *range) {
  flock(fd, LOCK_EX | LOCK_NB);
  flock(fd, LOCK_UN);
  lockf(fd, F_TLOCK, 0);
  lockf(fd, F_ULOCK, 0);
  lockf(fd, F_TEST, 0);
  fcntl(fd, F_SETLK, range);
  fcntl(fd, F_GETLK, range);
  fcntl(fd, F_OFD_SETLK, range);
  fcntl(fd, F_GETFL);
  co_await tick();
}
