// The program's view of its signals. See dispositions.h. The functions at the end are libc's: signal and its kin are
// written anew upon sigaction, because libc's own would ask the kernel.
#include "trace/dispositions.h"
#include "trace/program_memory.h"
#include "trace/signal_stack.h"
#include "trace/system.h"

#include <cstring>
#include <dlfcn.h>
#include <linux/prctl.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TENTERHOOK_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define TENTERHOOK_SANITIZED 1
#endif
#endif

extern "C" [[gnu::weak]] int __sigaction(int, const struct sigaction *, struct sigaction *);

namespace tenterhook::trace::detail {

TENTERHOOK_WRITTEN_BY_FORK constinit Dispositions dispositions;

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

// Those whose default is the end of the process, and which people and kernels send.
constexpr int endings[] = {SIGTERM, SIGINT,  SIGHUP,  SIGQUIT, SIGSEGV, SIGBUS,  SIGFPE,    SIGILL,  SIGABRT, SIGTRAP,
                           SIGSYS,  SIGXCPU, SIGXFSZ, SIGPIPE, SIGALRM, SIGUSR1, SIGVTALRM, SIGPROF, SIGIO,   SIGUSR2};

constexpr std::uint64_t bit(int number) noexcept { return std::uint64_t(1) << (number - 1); }
constexpr std::uint64_t all_endings = [] {
  std::uint64_t set = 0;
  for (int number : endings)
    set |= bit(number);
  return set;
}();

using Action = int (*)(int, const struct sigaction *, struct sigaction *);

// libc's, or what else lies behind ours.
Action find_next() noexcept {
#if defined(TENTERHOOK_SANITIZED)
  return ::sigaction; // ours is not there, and the sanitizer's has to know
#else
  void *symbol = dlsym(RTLD_NEXT, "sigaction");
  Action found = __sigaction; // of a program that is linked statically
  if (symbol)
    std::memcpy(&found, &symbol, sizeof found);
  return found;
#endif
}
int next_sigaction(int number, const struct sigaction *wanted, struct sigaction *before) noexcept {
  static constinit std::atomic<Action> known{nullptr};
  Action next = known.load(relaxed);
  if (!next) {
    next = find_next();
    known.store(next, relaxed);
  }
  return next(number, wanted, before);
}

bool is_handler(const struct sigaction &action) noexcept { return action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN; }
std::uint64_t word_of(const sigset_t &set) noexcept {
  std::uint64_t first;
  std::memcpy(&first, &set, sizeof first);
  return first;
}

} // namespace

bool Dispositions::is_of_this_process() const noexcept { return owner.load(relaxed) == process_id(); }

bool Dispositions::is_ours(const struct sigaction &action) const noexcept {
  Handler ours = handler.load(relaxed);
  return ours && (action.sa_flags & SA_SIGINFO) && action.sa_sigaction == ours;
}

// Makes what the kernel says to what the program has set.
void Dispositions::show(int number, struct sigaction &action) const noexcept {
  if (is_ours(action)) {
    const Default &set = defaults[number];
    std::uint64_t mask = set.mask.load(relaxed);
    action.sa_handler = SIG_DFL;
    action.sa_flags = set.flags.load(relaxed);
    action.sa_restorer = set.restorer.load(relaxed);
    std::memset(&action.sa_mask, 0, sizeof action.sa_mask);
    std::memcpy(&action.sa_mask, &mask, sizeof mask);
  } else if ((off_alternate.load(relaxed) & bit(number)) && is_handler(action)) {
    action.sa_flags |= SA_ONSTACK;
  }
}

void Dispositions::claim(int number) noexcept {
  Handler ours = handler.load(relaxed);
  struct sigaction there{};
  if (!ours || next_sigaction(number, nullptr, &there) != 0 || there.sa_handler != SIG_DFL)
    return;
  Default &set = defaults[number];
  set.mask.store(word_of(there.sa_mask), relaxed);
  set.flags.store(there.sa_flags, relaxed);
  set.restorer.store(there.sa_restorer, relaxed);
  struct sigaction action{};
  action.sa_sigaction = ours;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigfillset(&action.sa_mask);
  next_sigaction(number, &action, &there);
  if (is_handler(there) && !is_ours(there))
    next_sigaction(number, &there, nullptr); // another thread was faster
}

// Of a program that has no alternate stacks, the handlers that would like one run on the thread's.
void Dispositions::keep_off_alternate(int number) noexcept {
  struct sigaction there{};
  if (next_sigaction(number, nullptr, &there) != 0 || !is_handler(there) || !(there.sa_flags & SA_ONSTACK) || is_ours(there))
    return;
  there.sa_flags &= ~SA_ONSTACK;
  off_alternate.fetch_or(bit(number), relaxed);
  next_sigaction(number, &there, nullptr);
}

void Dispositions::guard(Handler wanted) noexcept {
  if (process_id() == 1)
    return;
  int error = errno; // libc refuses its own signals
  owner.store(process_id(), relaxed);
  handler.store(wanted, relaxed);
#if !defined(TENTERHOOK_SANITIZED)
  if (sets_alternates_itself(nullptr))
    has_own_alternates = true;
  for (int number = 1; number <= last && !has_own_alternates.load(relaxed); ++number)
    keep_off_alternate(number);
#endif
  for (int number : endings)
    claim(number);
  errno = error;
}

void Dispositions::put_default(int number) noexcept {
  struct sigaction plain{};
  plain.sa_flags = SA_SIGINFO;
  plain.sa_sigaction = handler.load(relaxed);
  show(number, plain);
  next_sigaction(number, &plain, nullptr);
}

void Dispositions::leave() noexcept {
  if (!handler.load(relaxed) || !is_of_this_process())
    return;
  for (int number : endings) {
    struct sigaction there{};
    if (next_sigaction(number, nullptr, &there) == 0 && is_ours(there))
      put_default(number);
  }
  give_alternate_back();
  handler.store(nullptr, relaxed);
}

void Dispositions::give_alternate_back() noexcept {
  std::uint64_t kept_off = off_alternate.load(relaxed);
  for (int number = 1; number <= last; ++number) {
    struct sigaction there{};
    if (!(kept_off & bit(number)) || next_sigaction(number, nullptr, &there) != 0)
      continue;
    show(number, there);
    next_sigaction(number, &there, nullptr);
  }
  off_alternate.store(0, relaxed);
}

void Dispositions::in_forked_child() noexcept { owner.store(process_id(), relaxed); }

int Dispositions::act(int number, const struct sigaction *wanted, struct sigaction *before) noexcept {
  bool known = number >= 1 && number <= last && number != 32 && number != 33; // these two are libc's
  if (!known || (!handler.load(relaxed) && !off_alternate.load(relaxed)))
    return next_sigaction(number, wanted, before);
  struct sigaction there{}, given{};
  bool sets = wanted && is_of_this_process(), hides = false;
  if (wanted) {
    given = *wanted;
    hides = sets && is_handler(given) && (given.sa_flags & SA_ONSTACK) && !has_own_alternates.load(relaxed);
    if (hides && sets_alternates_itself(reinterpret_cast<const void *>(given.sa_handler))) {
      hides = false;
      if (!has_own_alternates.exchange(true))
        give_alternate_back();
    }
    if (hides)
      given.sa_flags &= ~SA_ONSTACK;
  }
  if (next_sigaction(number, wanted ? &given : nullptr, &there) != 0)
    return -1;
  show(number, there);
  if (sets) {
    if (hides)
      off_alternate.fetch_or(bit(number), relaxed);
    else
      off_alternate.fetch_and(~bit(number), relaxed);
    if (given.sa_handler == SIG_DFL && (all_endings & bit(number)))
      claim(number);
  }
  if (before)
    *before = there;
  return 0;
}

void Dispositions::set_past_libc(int number, int flags, void (*restorer)()) noexcept {
  defaults[number].flags.store(flags, relaxed);
  defaults[number].restorer.store(restorer, relaxed);
}
void Dispositions::set_by_libc(int number) noexcept {
  struct sigaction there{};
  if (next_sigaction(number, nullptr, &there) != 0 || !is_ours(there) || !is_of_this_process())
    return;
  defaults[number].flags.fetch_or(there.sa_flags & ~(SA_SIGINFO | SA_ONSTACK), relaxed);
  defaults[number].restorer.store(there.sa_restorer, relaxed);
}

int Dispositions::use_alternate(const stack_t *wanted, stack_t *before) noexcept {
  stack_t given{}, there{};
  if (wanted && !read_from_program(wanted, given)) {
    errno = EFAULT;
    return -1;
  }
  bool sets = wanted && !(given.ss_flags & SS_DISABLE);
  if (sets && !has_own_alternates.exchange(true))
    give_alternate_back();
  long failed = system_call(SYS_sigaltstack, 0, word(&there));
  bool lent = failed == 0 && SignalStack::is_lent(there.ss_sp);
  if (!lent) {
    failed = system_call(SYS_sigaltstack, word(wanted), word(before));
  } else {
    if (sets) // what was lent stays where it is, for nobody
      failed = system_call(SYS_sigaltstack, word(&given), 0);
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    if (failed == 0 && before && !write_to_program(before, &none, sizeof none))
      failed = -EFAULT;
  }
  if (failed == 0)
    return 0;
  errno = int(-failed);
  return -1;
}

} // namespace tenterhook::trace::detail

// --- libc's functions ------------------------------------------------------------------------------------------------

// Weak, so that a program may define its own; named apart, so that they need not be declared as libc's headers do it. Not
// with a sanitizer, whose definitions they would replace.
#if !defined(TENTERHOOK_SANITIZED)

#define TENTERHOOK_INTERPOSE(result, name, parameters)                                                                           \
  extern "C" [[gnu::visibility("default"), gnu::weak]] result interposed_##name parameters __asm__(#name);                       \
  extern "C" result interposed_##name parameters

using tenterhook::trace::detail::dispositions;

namespace {
using Handle = void (*)(int);

constinit std::atomic<std::uint64_t> interrupting{0}; // siginterrupt's: for them signal() sets no SA_RESTART

bool can_be_set(int number) noexcept { // 32 and 33 are libc's
  return number >= 1 && number <= 64 && number != 32 && number != 33;
}
Handle refuse() noexcept {
  errno = EINVAL;
  return SIG_ERR;
}
Handle set_handler(int number, Handle handle, int flags, bool masks_itself) noexcept {
  if (handle == SIG_ERR || !can_be_set(number))
    return refuse();
  struct sigaction wanted{}, before{};
  wanted.sa_handler = handle;
  wanted.sa_flags = flags;
  if (masks_itself)
    sigaddset(&wanted.sa_mask, number);
  return dispositions.act(number, &wanted, &before) == 0 ? before.sa_handler : SIG_ERR;
}
Handle set_as_bsd(int number, Handle handle) noexcept {
  bool interrupts = can_be_set(number) && (interrupting.load() >> (number - 1) & 1);
  return set_handler(number, handle, interrupts ? 0 : SA_RESTART, true);
}
Handle set_as_system_v(int number, Handle handle) noexcept {
  constexpr int interrupt = 0x20000000; // SA_INTERRUPT, which does nothing but is given back
  return set_handler(number, handle, int(SA_RESETHAND) | SA_NODEFER | interrupt, false);
}
} // namespace

TENTERHOOK_INTERPOSE(int, sigaction, (int number, const struct sigaction *wanted, struct sigaction *before)) {
  return dispositions.act(number, wanted, before);
}
TENTERHOOK_INTERPOSE(Handle, signal, (int number, Handle handle)) { return set_as_bsd(number, handle); }
TENTERHOOK_INTERPOSE(Handle, bsd_signal, (int number, Handle handle)) { return set_as_bsd(number, handle); }
TENTERHOOK_INTERPOSE(Handle, ssignal, (int number, Handle handle)) { return set_as_bsd(number, handle); }
TENTERHOOK_INTERPOSE(Handle, sysv_signal, (int number, Handle handle)) { return set_as_system_v(number, handle); }
TENTERHOOK_INTERPOSE(Handle, __sysv_signal, (int number, Handle handle)) { return set_as_system_v(number, handle); }
TENTERHOOK_INTERPOSE(Handle, sigset, (int number, Handle handle)) {
  const Handle hold = reinterpret_cast<Handle>(2); // SIG_HOLD
  sigset_t one, before;
  if (handle == SIG_ERR || !can_be_set(number))
    return refuse();
  sigemptyset(&one);
  sigaddset(&one, number);
  if (handle == hold) {
    struct sigaction there{};
    if (sigprocmask(SIG_BLOCK, &one, &before) != 0)
      return SIG_ERR;
    if (sigismember(&before, number))
      return hold;
    return dispositions.act(number, nullptr, &there) == 0 ? there.sa_handler : SIG_ERR;
  }
  Handle old = set_handler(number, handle, 0, false);
  if (old == SIG_ERR || sigprocmask(SIG_UNBLOCK, &one, &before) != 0)
    return SIG_ERR;
  return sigismember(&before, number) ? hold : old;
}
TENTERHOOK_INTERPOSE(int, siginterrupt, (int number, int interrupts)) {
  struct sigaction there{};
  if (dispositions.act(number, nullptr, &there) != 0)
    return -1;
  std::uint64_t bit = std::uint64_t(1) << (number - 1);
  if (interrupts) {
    interrupting.fetch_or(bit);
    there.sa_flags &= ~SA_RESTART;
  } else {
    interrupting.fetch_and(~bit);
    there.sa_flags |= SA_RESTART;
  }
  return dispositions.act(number, &there, nullptr);
}
TENTERHOOK_INTERPOSE(int, sigaltstack, (const stack_t *wanted, stack_t *before)) {
  return dispositions.use_alternate(wanted, before);
}
// Behind a filter of system calls our handlers may be forbidden what they need.
TENTERHOOK_INTERPOSE(int, prctl, (int option, long a, long b, long c, long d)) {
  if (option == PR_SET_SECCOMP)
    dispositions.leave();
  long result = tenterhook::trace::detail::system_call(SYS_prctl, option, a, b, c, d);
  if (result >= 0)
    return int(result);
  errno = int(-result);
  return -1;
}

#endif
