// See signals.h.
#include "recorder/signals.h"
#include "trace/dispositions.h"
#include "trace/program_memory.h"

#include <cerrno>
#include <cstring>
#include <sys/syscall.h>

namespace tenterhook::recorder {
namespace {

using namespace trace::detail;

// struct sigaction as the kernel has it.
struct KernelAction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)();
  std::uint64_t mask;
};

long act(long number, const KernelAction *wanted, KernelAction *before) {
  struct sigaction given{}, there{};
  if (wanted) {
    given.sa_handler = wanted->handler;
    given.sa_flags = int(wanted->flags);
    std::memcpy(&given.sa_mask, &wanted->mask, sizeof wanted->mask);
  }
  int result = dispositions.act(int(number), wanted ? &given : nullptr, &there);
  if (result != 0)
    return result;
  if (wanted && given.sa_handler == SIG_DFL && dispositions.is_of_this_process())
    dispositions.set_past_libc(int(number), given.sa_flags, wanted->restorer);
  if (!before)
    return 0;
  KernelAction shown{there.sa_handler, static_cast<unsigned>(there.sa_flags), there.sa_restorer, 0};
  std::memcpy(&shown.mask, &there.sa_mask, sizeof shown.mask);
  if (write_to_program(before, &shown, sizeof shown))
    return 0;
  errno = EFAULT; // done it is
  return -1;
}

} // namespace

bool is_done_for_signals(long number, long a, long b, long c, long d, long &result) noexcept {
  switch (number) {
  case SYS_rt_sigaction: {
    if (d != sizeof(KernelAction::mask) || a == 32 || a == 33)
      return false; // libc keeps these two
    KernelAction given{};
    if (b && !read_from_program(reinterpret_cast<const KernelAction *>(b), given))
      return false;
    result = act(a, b ? &given : nullptr, reinterpret_cast<KernelAction *>(c));
    return true;
  }
  case SYS_sigaltstack:
    result = dispositions.use_alternate(reinterpret_cast<const stack_t *>(a), reinterpret_cast<stack_t *>(b));
    return true;
  default: return false;
  }
}

void after_system() noexcept {
  int error = errno;
  for (int number : {SIGINT, SIGQUIT})
    dispositions.set_by_libc(number);
  errno = error;
}

} // namespace tenterhook::recorder
