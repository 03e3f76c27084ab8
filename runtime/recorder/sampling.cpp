// See sampling.h. With system calls of our own: glibc's functions refuse its signals.
#include "recorder/sampling.h"
#include "trace/system.h"

#include <atomic>
#include <sched.h>
#include <ucontext.h>

namespace tenterhook::recorder {
namespace {

using namespace trace::detail;

constexpr int number = 33;
constexpr std::size_t room_for_walk = 24 * 1024;
const char tag = 0; // its address is what ours carries

// As the kernel has it.
struct Action {
  void (*handler)(int, siginfo_t *, void *);
  unsigned long flags;
  void *restorer;
  std::uint64_t mask;
};

constinit std::atomic<void (*)(void *)> take_sample{nullptr};
constinit std::atomic<void (*)(int, siginfo_t *, void *)> of_libc{nullptr};
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<bool> held{false}, sending{false};
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<std::uint32_t> owner{0};

void on_signal(int, siginfo_t *info, void *context) {
  if (info->si_code == SI_QUEUE && info->si_value.sival_ptr == &tag)
    take_sample.load()(context);
  else if (auto *next = of_libc.load())
    next(number, info, context);
}

} // namespace

bool prepare_sampling(void (*take)(void *context)) noexcept {
  owner.store(process_id());
  held.store(false);
  sending.store(false);
  Action there{};
  if (system_call(SYS_rt_sigaction, number, 0, word(&there), sizeof there.mask) != 0)
    return false;
  if (there.handler == on_signal)
    return true;
  if (!there.handler || !(there.flags & SA_SIGINFO))
    return false; // SIG_DFL, or another libc
  take_sample.store(take);
  of_libc.store(there.handler);
  Action ours = there; // with glibc's way back from the handler
  ours.handler = on_signal;
  ours.flags |= SA_RESTART;
  ours.mask = ~std::uint64_t(0);
  return system_call(SYS_rt_sigaction, number, word(&ours), 0, sizeof ours.mask) == 0;
}

void ask_for_sample(std::uint32_t thread) noexcept {
  sending.store(true);
  if (!held.load()) {
    siginfo_t info{};
    info.si_signo = number;
    info.si_code = SI_QUEUE;
    info.si_pid = pid_t(process_id());
    info.si_value.sival_ptr = const_cast<char *>(&tag);
    system_call(SYS_rt_tgsigqueueinfo, process_id(), thread, number, word(&info));
  }
  sending.store(false);
}

bool has_room_for_walk(const void *context) noexcept {
  const stack_t &alternate = static_cast<const ucontext_t *>(context)->uc_stack;
  auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  auto begin = reinterpret_cast<std::uintptr_t>(alternate.ss_sp);
  return here < begin || here >= begin + alternate.ss_size || here - begin >= room_for_walk;
}

namespace {
// Not where nobody watches, nor in a vfork child's exec. A sandbox may not allow the question, and then nobody does.
bool is_sampled() noexcept {
  std::uint32_t process = owner.load();
  return process && process == process_id();
}
} // namespace

void end_sampling() noexcept { owner.store(0); }

NoSamples::NoSamples() noexcept {
  if (!is_sampled())
    return;
  held.store(true);
  while (sending.load())
    system_call(SYS_sched_yield);
  system_call(SYS_getpid); // what was sent before arrives at the return from this call at the latest
}
NoSamples::~NoSamples() {
  if (is_sampled())
    held.store(false);
}

} // namespace tenterhook::recorder
