// How a process begins and ends: TENTERHOOK_TRACE, the recorder's rings, exit, quick_exit, fatal signals, fork.
// Signals: only those that would end the process and that nobody has claimed when tracing starts; the handler drains,
// puts the default back and lets the signal happen. A handler that the program installs later simply replaces it.
#include "trace/share.h"
#include "trace/writer.h"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <signal.h>

#if !defined(TENTERHOOK_TSAN)
// There is one, and it cannot be asked for: set before the program's own code runs, which may then replace it. Not with
// ThreadSanitizer: it calls it under its lock, and our code could race in its eyes.
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*)());
#endif

namespace tenterhook::trace {
namespace detail {

constinit std::atomic<bool> active{false};
thread_local constinit Ring *ring __attribute__((tls_model("initial-exec"))) = nullptr;
thread_local constinit unsigned inside __attribute__((tls_model("initial-exec"))) = 0;
const Table *shared = nullptr; // the recorder's, if that is not this copy

namespace {

constexpr int endings[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV, SIGBUS, SIGFPE,  SIGILL,
                           SIGABRT, SIGTRAP, SIGSYS, SIGXCPU, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2};

constinit SignalStack main_stack;

void on_fatal(int number, siginfo_t *info, void *) {
  int error = errno;
  writer.die(Ending::signal, std::uint32_t(number));
  struct sigaction plain{};
  plain.sa_handler = SIG_DFL;
  sigaction(number, &plain, nullptr);
  // A fault comes again by itself when its instruction is run again; what somebody sent must be sent again.
  if (info->si_code <= 0 || number == SIGALRM || number == SIGPIPE)
    system_call(SYS_tgkill, process_id(), thread_id(), number);
  errno = error;
}

void install_handlers() noexcept {
  if (thread_id() == process_id())
    main_stack.give();
  for (int number : endings) {
    struct sigaction there{};
    if (sigaction(number, nullptr, &there) != 0 || (there.sa_flags & SA_SIGINFO) || there.sa_handler != SIG_DFL)
      continue;
    struct sigaction ours{};
    ours.sa_sigaction = on_fatal;
    ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigfillset(&ours.sa_mask);
    sigaction(number, &ours, nullptr);
  }
}

constinit std::atomic<bool> prepared{false};
void prepare_process() noexcept {
  if (prepared.exchange(true))
    return;
  pthread_atfork([] { writer.before_fork(); }, [] { writer.after_fork_in_parent(); },
                 [] { writer.after_fork_in_child(); });
  at_quick_exit([] { writer.finish(Ending::quick_exit, 0); });
}

// Before the program's own constructors, and after its destructors.
__attribute__((constructor(101))) void begin_process() noexcept {
  using Find = const Table *(*)();
  Find find;
  void *symbol = dlsym(RTLD_DEFAULT, "tenterhook_trace_v1");
  static_assert(sizeof find == sizeof symbol);
  std::memcpy(&find, &symbol, sizeof find);
  if (symbol) {
    const Table *table = find();
    if (table == own_table())
      return; // this is the recorder
    if (table && table->size >= sizeof(Table) && table->format == format_version && table->join(&active)) {
      shared = table;
      return;
    }
  }
  const char *path = std::getenv("TENTERHOOK_TRACE");
  if (!path || !*path)
    return;
  if (!start(path)) {
    const char *why = errno == EEXIST ? "it exists and is no trace" : std::strerror(errno);
    std::fprintf(stderr,
                 "tenterhook: %s: cannot write the trace: %s; name a file that can be made in TENTERHOOK_TRACE\n", path,
                 why);
    return;
  }
#if !defined(TENTERHOOK_TSAN)
  if (__sanitizer_set_death_callback) // a sanitizer ends the process by _exit, or in a handler of its own
    __sanitizer_set_death_callback([] { writer.die(Ending::quick_exit, 0); });
#endif
}

__attribute__((destructor(101))) void end_process() noexcept {
  if (shared)
    shared->leave(&active);
  else
    writer.finish(Ending::exit, 0);
}

} // namespace

void watch_endings() noexcept { install_handlers(); }

} // namespace detail

bool start_as(Producer producer, const char *path, const Origin &origin) noexcept {
  if (detail::shared) {
    errno = EBUSY;
    return false;
  }
  if (!detail::writer.start(producer, path, origin))
    return false;
  detail::prepare_process();
  if (!origin.child)
    detail::install_handlers();
  return true;
}

bool start(const char *path) noexcept { return start_as(Producer::runtime, path, {}); }

void flush() noexcept {
  if (detail::shared)
    detail::shared->flush();
  else
    detail::writer.flush();
}

void stop() noexcept {
  if (detail::shared) // the trace is the recorder's
    detail::shared->flush();
  else
    detail::writer.finish(Ending::stopped, 0);
}

void stop_in_child() noexcept { detail::writer.forget(); }
void finish(Ending how, std::uint32_t value) noexcept { detail::writer.finish(how, value); }

constinit std::atomic<void (*)() noexcept> before_totals{nullptr};
constinit std::atomic<bool (*)() noexcept> totals_matter{nullptr};
constinit std::atomic<const char *(*)(std::uint32_t) noexcept> fixed_string{nullptr};
void set_thresholds(std::uint64_t block, std::uint64_t stall) noexcept { detail::writer.set_thresholds(block, stall); }

} // namespace tenterhook::trace
