// The trace's file: opening it, one at a time; writing it, as long as there is room. All of it is done aside or on the drain's
// thread (writer.h), but for the names of files.
#include "trace/share.h"
#include "trace/writer.h"

#include <cstdio>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace tenterhook::trace::detail {
namespace {

// The moment a process came to be, in nanoseconds since the epoch; 0 if /proc does not tell. An exec does not change it.
std::uint64_t process_start(std::uint32_t process, std::uint64_t realtime) noexcept {
  char text[1024];
  std::snprintf(text, sizeof text, "/proc/%u/stat", process);
  long stat = system_call(SYS_openat, AT_FDCWD, word(text), O_RDONLY | O_CLOEXEC);
  if (stat < 0)
    return 0;
  long size = system_call(SYS_read, stat, word(text), sizeof text - 1);
  system_call(SYS_close, stat);
  const char *at = text + (size > 0 ? size : 0);
  while (at > text && *at != ')') // the program's name may hold anything
    --at;
  text[size > 0 ? size : 0] = 0;
  for (int field = 2; field < 22 && *at; ++at)
    field += *at == ' ';
  std::uint64_t clock_ticks = 0;
  for (; *at >= '0' && *at <= '9'; ++at)
    clock_ticks = clock_ticks * 10 + std::uint64_t(*at - '0');
  timespec boot{};
  clock_gettime(CLOCK_BOOTTIME, &boot);
  std::uint64_t since_boot = std::uint64_t(boot.tv_sec) * 1'000'000'000u + std::uint64_t(boot.tv_nsec);
  return realtime - (since_boot - clock_ticks * 10'000'000u); // USER_HZ is 100 everywhere
}

std::uint64_t real_time() noexcept {
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  return std::uint64_t(t.tv_sec) * 1'000'000'000u + std::uint64_t(t.tv_nsec);
}

bool status_of(int descriptor, struct stat &status) noexcept { return system_call(SYS_fstat, descriptor, word(&status)) == 0; }

bool is_full(int error) noexcept { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

// Whether the process that wrote this header may still be writing.
bool is_alive(const FileHeader &header) noexcept {
  std::uint64_t start = process_start(header.process, real_time());
  return start != 0 && start <= header.realtime;
}

// How many bytes were written, or -errno; at the file's end if `at` is negative. The signal of a limit (RLIMIT_FSIZE),
// which would end the process, is for programs that write; ours is taken away.
long write_some(int file, const char *bytes, std::size_t size, std::int64_t at) noexcept {
  std::uint64_t limit = std::uint64_t(1) << (SIGXFSZ - 1), before = 0;
  system_call(SYS_rt_sigprocmask, SIG_BLOCK, word(&limit), word(&before), sizeof limit);
  long done;
  do
    done = at < 0 ? system_call(SYS_write, file, word(bytes), long(size))
                  : system_call(SYS_pwrite64, file, word(bytes), long(size), at);
  while (done == -EINTR || done == -EAGAIN);
  if (done == -EFBIG && !(before & limit)) {
    timespec none{};
    system_call(SYS_rt_sigtimedwait, word(&limit), 0, word(&none), sizeof limit);
  }
  system_call(SYS_rt_sigprocmask, SIG_SETMASK, word(&before), 0, sizeof before);
  return done;
}

void name_of_child(char *to, std::size_t size, const char *base, Producer producer, std::uint32_t process, int attempt) {
  char number[16] = "";
  if (attempt > 1)
    std::snprintf(number, sizeof number, ".%d", attempt);
  if (producer == Producer::recorder)
    std::snprintf(to, size, "%s.children/%u%s.trace", base, process, number);
  else
    std::snprintf(to, size, "%s.%u%s", base, process, number);
}

// The folder that `path` is in. Somebody else may have made it meanwhile.
bool make_folder(char *path) noexcept {
  char *slash = std::strrchr(path, '/');
  *slash = 0;
  long made = system_call(SYS_mkdirat, AT_FDCWD, word(path), 0755);
  if (made == 0 && system_call(SYS_geteuid) == 0)
    system_call(SYS_fchmodat, AT_FDCWD, word(path), 01777);
  *slash = '/';
  return made == 0 || made == -EEXIST;
}

// Events among records: a detail is one too.
std::uint64_t count_events(const char *records, std::size_t size) noexcept {
  std::uint64_t events = 0;
  for (std::size_t at = 0; at < size; ++events) {
    Record record;
    std::memcpy(&record, records + at, sizeof record);
    at += sizeof record * (1u + record.more);
  }
  return events;
}
} // namespace

// Opens it unless a process is writing it, or this one did before an exec (EBUSY), or it holds something else than a trace
// (EEXIST): that stays as it is. Two that look at once are told apart by the lock on the file, and by the header later.
bool Writer::try_open(const char *at) noexcept {
  long opened = system_call(SYS_openat, AT_FDCWD, word(at), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (opened < 0) {
    errno = int(-opened);
    return false;
  }
  struct stat status{};
  status_of(int(opened), status);
  regular = S_ISREG(status.st_mode);
  int refused = 0;
  if (regular) {
    FileHeader there{};
    long size = system_call(SYS_pread64, opened, word(&there), sizeof there, 0);
    bool a_trace = size >= long(sizeof magic) && std::memcmp(there.magic, magic, sizeof magic) == 0;
    if (size != 0 && !a_trace)
      refused = size < 0 ? int(-size) : EEXIST;
    else if (system_call(SYS_flock, opened, LOCK_EX | LOCK_NB) == -EWOULDBLOCK)
      refused = EBUSY;
    else if (size == sizeof there && is_alive(there))
      refused = EBUSY;
  }
  if (refused) {
    system_call(SYS_close, opened);
    errno = refused;
    return false;
  }
  if (regular)
    system_call(SYS_ftruncate, opened, 0);
  file = int(opened);
  length = tails = 0;
  device = status.st_dev;
  inode = status.st_ino;
  return true;
}

// The file that this process has made, if the path still leads there.
bool Writer::open_again() noexcept {
  long again = system_call(SYS_openat, AT_FDCWD, word(path), O_WRONLY | O_CLOEXEC);
  struct stat status{};
  if (again >= 0 && status_of(int(again), status) && status.st_dev == device && status.st_ino == inode) {
    file = int(again);
    return true;
  }
  if (again >= 0)
    system_call(SYS_close, again);
  lose();
  return false;
}

// All or nothing: what was written of a chunk when the disk is full is taken back.
bool Writer::write_whole(const char *bytes, std::size_t size, std::uint64_t events) noexcept {
  if (!running)
    return false;
  std::size_t done = 0;
  while (done < size) {
    long now = write_some(file, bytes + done, size - done, regular ? std::int64_t(length + done) : -1);
    if (now < 0) {
      if (is_full(int(-now)))
        end_full(int(-now), events);
      else
        give_up();
      return false;
    }
    done += std::size_t(now);
  }
  tail[tails++ % max_tails] = {length, events};
  length += size;
  return true;
}

bool Writer::write_chunk(const char *bytes, std::size_t size) noexcept {
  ChunkHeader header;
  std::memcpy(&header, bytes, sizeof header);
  return write_whole(bytes, size, header.tag == Tag::records ? count_events(bytes + sizeof header, header.size) : 0);
}

// The disk is full. The trace ends here, and says how many events it lacks; the last chunks make room for that, should
// there be none.
void Writer::end_full(int error, std::uint64_t lost) noexcept {
  lost += rings.seatless.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0, n = rings.count(); i < n; ++i)
    if (Seat *seat = rings.at(i))
      lost += seat->waiting();
  struct {
    ChunkHeader drops_header;
    DropTotal drops;
    ChunkHeader end_header;
    End end;
  } last{};
  static_assert(sizeof last == 2 * sizeof(ChunkHeader) + sizeof(DropTotal) + sizeof(End));
  for (unsigned taken_back = 0;; ++taken_back) {
    system_call(SYS_ftruncate, file, long(length));
    last.drops.dropped = lost;
    last.drops_header = {Tag::drops, 0, sizeof last.drops, crc32c(&last.drops, sizeof last.drops)};
    last.end = {Ending::full, std::uint32_t(error)};
    last.end_header = {Tag::end, 0, sizeof last.end, crc32c(&last.end, sizeof last.end)};
    if (write_some(file, reinterpret_cast<const char *>(&last), sizeof last, std::int64_t(length)) == long(sizeof last))
      break;
    if (taken_back == max_tails || tails <= 1) { // not the header
      system_call(SYS_ftruncate, file, long(length));
      break;
    }
    Tail back = tail[--tails % max_tails];
    length = back.begin;
    lost += back.events;
  }
  give_up();
}

// No trace is written from here on. Nobody is told: standard error is the program's, and whoever reads the trace sees it.
void Writer::give_up() noexcept {
  set_active(false);
  running = false;
}

void Writer::lose() noexcept {
  give_up();
  if (auto *tell = trace_is_lost.load(std::memory_order_acquire))
    tell();
}

void Writer::write_header() noexcept {
  FileHeader header{};
  std::memcpy(header.magic, magic, sizeof magic);
  header.version = format_version;
  header.size = sizeof header;
  header.producer = producer;
  header.process = process;
  header.parent = parent;
  header.ticks = begin.ticks;
  header.monotonic = begin.monotonic;
  header.realtime = real_time();
  write_whole(reinterpret_cast<const char *>(&header), sizeof header, 0);
}

// Opens base_path, or one that has the process id in it: for a child, or if the first is taken. Those of a recorded run lie
// in a folder, which others may write to as well if the run is root's: a server's children often are nobody's.
bool Writer::open(bool child) noexcept {
  bool found = false;
  for (int attempt = child ? 1 : 0; attempt < 10 && !found; ++attempt) {
    if (attempt == 0)
      std::snprintf(path, sizeof path, "%s", base_path);
    else
      name_of_child(path, sizeof path, base_path, producer, process, attempt);
    found = try_open(path);
    if (!found && errno == ENOENT && attempt != 0 && producer == Producer::recorder && make_folder(path))
      found = try_open(path);
    if (!found && errno != EBUSY)
      return false;
  }
  if (!found)
    return false;
  ++opened;
  begin = read_clocks();
  nothing_written();
  running = true;
  write_header();
  drain(false);
  return running;
}

} // namespace tenterhook::trace::detail
