// Running the program. See record.h. The environment tells the recorder what is wanted (runtime/recorder/start.cpp);
// this process waits (process.h) and says what came of it.
#include "record/record.h"
#include "record/children.h"
#include "record/process.h"
#include "record/program.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tenterhook::record {
namespace {

llvm::Expected<std::uint64_t> nanoseconds(llvm::StringRef option, llvm::StringRef text, bool zero_allowed) {
  static constexpr std::pair<llvm::StringLiteral, double> units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
  auto wrong = [&] {
    return error(option + " " + text + ": write a number and ns, us, ms or s, such as 1ms" +
                 (zero_allowed ? "; 0 switches it off" : ""));
  };
  if (zero_allowed && text == "0")
    return 0;
  for (const auto &[unit, factor] : units) {
    llvm::StringRef number = text;
    double value = 0;
    if (!number.consume_back(unit) || number.empty() || !llvm::isDigit(number.back()))
      continue;
    if (number.getAsDouble(value) || value < 0 || value * factor > 3.6e12 || (value * factor < 1 && !zero_allowed))
      return wrong();
    return std::uint64_t(value * factor);
  }
  return wrong();
}

llvm::Expected<unsigned> number_of(llvm::StringRef children) {
  static const llvm::StringLiteral words[] = {"none", "forked", "all"};
  const auto *word = llvm::find(words, children);
  if (word == std::end(words))
    return error("--children " + children + ": write none, forked or all");
  return unsigned(word - std::begin(words));
}

struct Wishes {
  std::uint64_t block, stall; // nanoseconds
  std::uint64_t ticks_per_second;
  bool every_event;
  unsigned children; // as number_of says
  int counter;       // of processes whose trace is lost; see Counter
  std::string trace;
};

// Memory that every process of the run finds by its number: those that have another root or user by the time that they would
// open their traces count themselves there, in its first word. The second is runtime/recorder/start.cpp's. It is gone with the
// last of them.
class Counter {
public:
  Counter() : id_(shmget(IPC_PRIVATE, 2 * sizeof(unsigned), 0666)) {
    if (id_ < 0)
      return;
    void *memory = shmat(id_, nullptr, 0);
    if (memory != reinterpret_cast<void *>(-1))
      count_ = static_cast<volatile unsigned *>(memory);
    shmctl(id_, IPC_RMID, nullptr); // Linux lets others come by the number until the last has left
  }
  int id() const { return count_ ? id_ : -1; }
  unsigned count() const { return count_ ? *count_ : 0; }

private:
  int id_;
  volatile unsigned *count_ = nullptr;
};

// Of the clock that the recorder reads (now() in runtime/trace/trace.h), once for all processes of the run.
std::uint64_t measured_ticks() {
#if defined(__x86_64__)
  auto clock = [] {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return std::uint64_t(t.tv_sec) * 1'000'000'000u + std::uint64_t(t.tv_nsec);
  };
  std::uint64_t begin = clock(), first = __builtin_ia32_rdtsc(), passed = 0;
  while (passed < 1'000'000)
    passed = clock() - begin;
  return std::uint64_t(double(__builtin_ia32_rdtsc() - first) / double(passed) * 1e9);
#else
  return 1'000'000'000;
#endif
}

llvm::Expected<std::string> find_recorder() {
  constexpr llvm::StringLiteral file = "libtenterhook_recorder.so";
  std::string path;
  if (std::optional<std::string> named = llvm::sys::Process::GetEnv("TENTERHOOK_RECORDER"); named && !named->empty()) {
    path = *named;
    if (!llvm::sys::fs::is_regular_file(path))
      return error(path + ": TENTERHOOK_RECORDER names it, but there is no such file; name " + file);
  } else {
    std::string self = llvm::sys::fs::getMainExecutable(nullptr, nullptr);
    llvm::StringRef folder = llvm::sys::path::parent_path(self);
    path = (llvm::sys::path::parent_path(folder) + "/lib/" + file).str();
    if (!llvm::sys::fs::is_regular_file(path))
      return error(path + ": is not there; build the target tenterhook_recorder, or name the library in TENTERHOOK_RECORDER");
  }
  llvm::SmallString<256> whole(path);
  llvm::sys::fs::make_absolute(whole);
  if (whole.str().find_first_of(" :") != llvm::StringRef::npos)
    return error(whole + ": LD_PRELOAD cannot hold a path with a space or a colon; copy the library elsewhere and name it in "
                         "TENTERHOOK_RECORDER");
  return whole.str().str();
}

// Whether the room for the trace ended before the program did: then its last chunk says so, and the one before how many
// events are lost (runtime/trace/format.h).
std::optional<std::uint64_t> lost_events(const std::string &path) {
  constexpr std::uint32_t header_size = 56, drops = 10, end = 12, full = 5;
  struct {
    std::uint32_t tag, thread, size, checksum;
  } chunk{};
  struct {
    std::uint64_t thread, dropped, written;
  } total{};
  std::uint32_t how[2] = {};
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return std::nullopt;
  for (off_t at = header_size; pread(file, &chunk, sizeof chunk, at) == sizeof chunk; at += off_t(chunk.size)) {
    at += off_t(sizeof chunk);
    if (chunk.tag == drops && chunk.size == sizeof total)
      (void)!pread(file, &total, sizeof total, at);
    how[0] = 0;
    if (chunk.tag == end)
      (void)!pread(file, how, sizeof how, at);
  }
  close(file);
  if (how[0] != full)
    return std::nullopt;
  return total.dropped;
}

// Makes room for the trace: a wrong path is said before the program runs, an older trace is not mistaken for the new
// one.
llvm::Expected<std::string> prepare_output(llvm::StringRef output) {
  if (output.empty())
    return error("-o: the trace's name is empty");
  llvm::SmallString<256> whole(output);
  llvm::sys::fs::make_absolute(whole);
  std::string path = whole.str().str();
  struct stat status;
  if (stat(path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode))
      return error(output + ": is no regular file; name a file for the trace with -o");
    if (!is_trace(path))
      return error(output + ": exists and is no trace; remove it, or name another file with -o");
  }
  int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0)
    return error(output + ": cannot write the trace: " + std::strerror(errno) + "; name another file with -o");
  close(file);
  for (const std::string &old : traces_of_children(path))
    unlink(old.c_str());
  rmdir(folder_of_children(path).c_str()); // unless somebody keeps something else there
  unlink(path.c_str());
  return path;
}

// In the process that the run begins with: the environment names it. runtime/recorder/start.cpp reads it.
void set_environment(const std::string &recorder, const Wishes &wishes) {
  std::optional<std::string> others = llvm::sys::Process::GetEnv("LD_PRELOAD");
  std::string preload = recorder + (others && !others->empty() ? ":" + *others : "");
  setenv("LD_PRELOAD", preload.c_str(), 1);
  std::string line = llvm::formatv("3 {0} {1} {2} {3} {4} {5} {6} {7}", wishes.block, wishes.stall, wishes.every_event ? 1 : 0,
                                   wishes.children, getpid(), wishes.ticks_per_second, wishes.counter, wishes.trace);
  setenv("TENTERHOOK_RECORD", line.c_str(), 1);
}

void summarize(const std::string &output, const std::string &path, int status, unsigned lost, const Options &options,
               llvm::raw_ostream &messages) {
  if (WIFSIGNALED(status) && !options.quiet) {
    const char *name = sigabbrev_np(WTERMSIG(status));
    messages << "tenterhook: " << options.program.front() << " was ended by signal " << WTERMSIG(status) << " (SIG"
             << (name ? name : "RT") << ")" << (WCOREDUMP(status) ? ", core dumped" : "") << '\n';
  }
  std::uint64_t size = 0;
  if (llvm::sys::fs::file_size(path, size) || size == 0) {
    messages << "tenterhook: warning: " << output << ": no trace was written; the program ended before it loaded its libraries, "
             << "or it dropped LD_PRELOAD\n";
    return;
  }
  if (std::optional<std::uint64_t> lost = lost_events(path))
    messages << "tenterhook: warning: " << output << ": ends before the program did, for want of room; " << *lost
             << " events of before and all of after are missing; make room, or name a file elsewhere with -o\n";
  if (lost)
    messages << "tenterhook: warning: " << output << ": lacks what " << lost << (lost == 1 ? " process" : " processes")
             << " did, which could not open " << (lost == 1 ? "its file" : "their files") << " in " << folder_of_children(output)
             << " with the root folder or the user that they had by then; name a trace with -o "
             << "that they can reach\n";
  if (options.quiet)
    return;
  messages << "tenterhook: " << output << ": " << llvm::formatv("{0:f1}", double(size) / 1024) << " KiB";
  if (std::size_t more = traces_of_children(path).size())
    messages << ", and " << more << (more == 1 ? " file" : " files") << " of processes it started, in "
             << folder_of_children(output);
  messages << '\n';
}

} // namespace

llvm::Expected<int> run(const Options &options, llvm::raw_fd_ostream &messages) {
  // Whoever reads our messages may be gone: that is nothing to die of, before the program or behind it.
  struct sigaction ignored{}, of_pipes{};
  ignored.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignored, &of_pipes);
  if (options.program.empty())
    return error("no program is given; write it behind two dashes: `tenterhook record -- PROGRAM ARGUMENTS`");
  auto block = nanoseconds("--block-threshold", options.block_threshold, false);
  if (!block)
    return block.takeError();
  auto stall = nanoseconds("--stall-threshold", options.stall_threshold, true);
  if (!stall)
    return stall.takeError();
  llvm::Expected<unsigned> children = number_of(options.children);
  if (!children)
    return children.takeError();
  llvm::Expected<Program> program = find_program(options.program.front());
  if (!program)
    return program.takeError();
  llvm::Expected<std::string> recorder = find_recorder();
  if (!recorder)
    return recorder.takeError();
  llvm::Expected<std::string> output = prepare_output(options.output);
  if (!output)
    return output.takeError();
  for (const std::string &note : options.quiet ? std::vector<std::string>() : program->notes)
    messages << "tenterhook: warning: " << note << '\n';
  messages.flush();
  Counter counter;
  Wishes wishes{*block, *stall, measured_ticks(), options.every_event, unsigned(*children), counter.id(), *output};
  llvm::Expected<int> status = run_and_wait(*program, options.program, [&] {
    sigaction(SIGPIPE, &of_pipes, nullptr);
    set_environment(*recorder, wishes);
  });
  if (!status)
    return status.takeError();
  summarize(options.output, *output, *status, counter.count(), options, messages);
  messages.flush();
  messages.clear_error(); // the terminal may have hung up, the disk be full: we end as the program did
  if (!WIFSIGNALED(*status))
    return WEXITSTATUS(*status);
  die_by(WTERMSIG(*status));
  return 128 + WTERMSIG(*status);
}

} // namespace tenterhook::record
