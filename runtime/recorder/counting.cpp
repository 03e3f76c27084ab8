// See counting.h. A name is looked at after the kernel has found it good, and so can be read.
#include "recorder/counting.h"
#include "recorder/descriptors.h"
#include "recorder/hooks_sandbox.h"
#include "trace/program_memory.h"
#include "trace/system.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <string_view>
#include <sys/statfs.h>

namespace tenterhook::recorder {
namespace {

using namespace trace::detail;

bool is_of_proc(int descriptor) {
  struct statfs there;
  return system_call(SYS_fstatfs, descriptor, word(&there)) == 0 && there.f_type == PROC_SUPER_MAGIC;
}

// "/proc/self/task/", "self/status" from /proc, "stat" from /proc/self. Another process's is none: its number is a folder of
// /proc.
bool tells_of_threads(std::string_view path) {
  auto last = [&path] { // name of the path, which is taken off it
    for (;;) {
      if (path.ends_with('/'))
        path.remove_suffix(1);
      else if (path.ends_with("/."))
        path.remove_suffix(2);
      else
        break;
    }
    std::string_view name = path.substr(path.rfind('/') + 1);
    path.remove_suffix(name.size());
    return name;
  };
  std::string_view name = last();
  if (name != "task" && name != "status" && name != "stat")
    return false;
  std::string_view folder = last();
  if (folder.empty())
    return true;
  if (folder == "proc")
    return false; // /proc/stat is the machine's
  std::uint64_t number = 0;
  for (char c : folder) {
    if (c < '0' || c > '9')
      return true;
    number = number * 10 + std::uint64_t(c - '0');
  }
  return number == process_id() || last() == "task"; // or a thread's
}

bool is_in_proc(int folder, const char *path) {
  if (*path != '/' && folder != AT_FDCWD)
    return is_of_proc(folder);
  struct statfs there;
  return system_call(SYS_statfs, word(path), word(&there)) == 0 && there.f_type == PROC_SUPER_MAGIC;
}

} // namespace

void note_opened(const char *path, int made) noexcept {
  if (made < 0 || !trace::active() || trace::inside_writer() || !tells_of_threads(path) || !is_of_proc(made))
    return;
  note_counts_threads(made);
  put_threads_away(); // it may be read by what is no hook
}

bool asked_about(int folder, const char *path) noexcept {
  if (!trace::active() || trace::inside_writer())
    return false;
  if (path && *path == 0 && folder >= 0 && counts_threads(folder)) { // AT_EMPTY_PATH
    before_reading(folder);
    return true;
  }
  return path && tells_of_threads(path) && is_in_proc(folder, path) && put_threads_away();
}

void before_reading_all(const char *path) noexcept {
  char name[256];
  if (trace::active() && !trace::inside_writer() && copy_from_program(path, name, sizeof name) && tells_of_threads(name) &&
      is_in_proc(AT_FDCWD, name))
    put_threads_away();
}

void before_reading(int descriptor) noexcept {
  if (is_of_proc(descriptor))
    put_threads_away();
  else
    forget_descriptor(descriptor); // its number is another file's by now
}

void before_system_call(long number, long file) noexcept {
  bool reads = number == SYS_read || number == SYS_pread64 || number == SYS_getdents64 || number == SYS_fstat;
  if (reads && counts_threads(int(file)))
    before_reading(int(file));
}

bool after_system_call(long number, long a, long b, long result) noexcept {
  if (result < 0)
    return false;
  auto name = [](long at) { return reinterpret_cast<const char *>(at); };
  switch (number) {
  case SYS_openat:
    forget_descriptor(int(result));
    note_opened(name(b), int(result));
    return false;
  case SYS_newfstatat:
  case SYS_statx: return asked_about(int(a), name(b));
#if defined(SYS_stat)
  case SYS_open:
    forget_descriptor(int(result));
    note_opened(name(a), int(result));
    return false;
  case SYS_stat:
  case SYS_lstat: return asked_about(AT_FDCWD, name(a));
#endif
  default: return false;
  }
}

} // namespace tenterhook::recorder
