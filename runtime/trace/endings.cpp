// How a process begins and ends: TENTERHOOK_TRACE, the recorder's rings, exit, quick_exit, fatal signals, fork.
// Signals: those that would end the process, wherever the program leaves the default (dispositions.h); the handler drains
// and lets the signal happen.
#include "trace/dispositions.h"
#include "trace/share.h"
#include "trace/writer.h"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <signal.h>
#include <ucontext.h>

#if !defined(TENTERHOOK_TSAN)
// There is one, and it cannot be asked for: set before the program's own code runs, which may then replace it. Not with
// ThreadSanitizer: it calls it under its lock, and our code could race in its eyes.
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*)());
#endif

namespace tenterhook::trace {
namespace detail {

TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<bool> active{false};
thread_local constinit Ring *ring __attribute__((tls_model("initial-exec"))) = nullptr;
thread_local constinit unsigned inside __attribute__((tls_model("initial-exec"))) = 0;
TENTERHOOK_WRITTEN_BY_FORK constinit const Table *shared = nullptr; // the recorder's, if that is not this copy

namespace {

TENTERHOOK_WRITTEN_BY_FORK constinit SignalStack main_stack;
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<std::uint32_t> dying{0}; // the thread that writes the trace's end

void pause_a_moment() noexcept {
  timespec moment{0, 1'000'000};
  system_call(SYS_nanosleep, word(&moment));
}

// The trace is ended, then the very same signal is sent to this thread again, with the default in place. It arrives when
// this handler returns, before another instruction of the program: so it dies, and dumps its core, where it would have.
void on_fatal(int number, siginfo_t *info, void *context) {
  int error = errno;
  if (dispositions.is_of_this_process()) { // else a vfork child's: the trace is its parent's
    std::uint32_t me = thread_id(), other = 0;
    if (dying.compare_exchange_strong(other, me))
      writer.die(Ending::signal, std::uint32_t(number));
    else if (other != me)
      for (int i = 0; i < 2000; ++i) // the other thread's signal came first, and ends the process
        pause_a_moment();
  }
  dispositions.put_default(number);
  // It was not blocked when it came. It may be after the return: sigsuspend, ppoll and their kin take it within a mask of
  // their own.
  sigdelset(&static_cast<ucontext_t *>(context)->uc_sigmask, number);
  // A process may send itself what the kernel has sent; what the queue has no room for comes without its particulars.
  if (system_call(SYS_rt_tgsigqueueinfo, process_id(), thread_id(), number, word(info)) != 0)
    system_call(SYS_tgkill, process_id(), thread_id(), number);
  errno = error;
}

void install_handlers() noexcept {
  if (thread_id() == process_id())
    main_stack.give();
  dispositions.guard(on_fatal);
}

TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<bool> prepared{false};
void prepare_process() noexcept {
  if (prepared.exchange(true))
    return;
  pthread_atfork([] { writer.before_fork(); }, [] { writer.after_fork_in_parent(); },
                 [] {
                   writer.after_fork_in_child();
                   dispositions.in_forked_child();
                   dying = 0;
                 });
  at_quick_exit([] { writer.finish(Ending::quick_exit, 0); });
}

// Before the program's own constructors, and after its destructors.
__attribute__((constructor(101))) void begin_process() noexcept {
#if !defined(TENTERHOOK_IS_RECORDER)
  using Find = const Table *(*)();
  Find find;
  void *symbol = dlsym(RTLD_DEFAULT, "tenterhook_trace_v1");
  static_assert(sizeof find == sizeof symbol);
  std::memcpy(&find, &symbol, sizeof find);
  if (symbol) {
    const Table *table = find();
    if (table == own_table())
      return; // this copy is a recorder's
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
    std::fprintf(stderr, "tenterhook: %s: cannot write the trace: %s; name a file that can be made in TENTERHOOK_TRACE\n", path,
                 why);
    return;
  }
#if !defined(TENTERHOOK_TSAN)
  if (__sanitizer_set_death_callback) // a sanitizer ends the process by _exit, or in a handler of its own
    __sanitizer_set_death_callback([] { writer.die(Ending::quick_exit, 0); });
#endif
#endif
}

__attribute__((destructor(101))) void end_process() noexcept {
  if (shared)
    shared->leave(&active);
  else
    writer.finish(Ending::exit, 0);
  dispositions.leave(); // this code may be unloaded
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
  else {
    detail::writer.finish(Ending::stopped, 0);
    detail::dispositions.leave();
  }
}

void stop_in_child() noexcept { detail::writer.forget(); }
void finish(Ending how, std::uint32_t value) noexcept { detail::writer.finish(how, value); }

TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<void (*)() noexcept> before_totals{nullptr};
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<bool (*)() noexcept> totals_matter{nullptr};
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<void (*)() noexcept> trace_is_lost{nullptr};
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<const char *(*)(std::uint32_t) noexcept> fixed_string{nullptr};
void set_thresholds(std::uint64_t block, std::uint64_t stall) noexcept { detail::writer.set_thresholds(block, stall); }

} // namespace tenterhook::trace
