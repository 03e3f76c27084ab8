// sigaltstack(2), with system calls of our own: see signal_stack.h.
#include "trace/signal_stack.h"
#include "trace/system.h"

#include <csignal>
#include <sys/mman.h>

namespace tenterhook::trace::detail {

TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<bool> has_own_alternates{false};

namespace {
thread_local constinit void *lent __attribute__((tls_model("initial-exec"))) = nullptr;
}

bool SignalStack::is_lent(const void *stack) noexcept { return stack && stack == lent; }

void SignalStack::give() noexcept {
  if (has_own_alternates.load(std::memory_order_relaxed))
    return;
  stack_t there{};
  if (system_call(SYS_sigaltstack, 0, word(&there)) != 0 || !(there.ss_flags & SS_DISABLE))
    return;
  if (!memory) {
    long made =
        system_call(SYS_mmap, 0, guard + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made < 0 && made > -4096)
      return;
    memory = reinterpret_cast<char *>(made);
    system_call(SYS_mprotect, made, guard, PROT_NONE);
  }
  stack_t ours{};
  ours.ss_sp = memory + guard;
  ours.ss_size = size;
  if (system_call(SYS_sigaltstack, word(&ours), 0) == 0)
    lent = ours.ss_sp;
}

void SignalStack::take_back() noexcept {
  stack_t there{};
  if (!memory || system_call(SYS_sigaltstack, 0, word(&there)) != 0 || there.ss_sp != memory + guard)
    return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  if (system_call(SYS_sigaltstack, word(&none), 0) != 0)
    lose(); // the thread ends in a handler
  else
    lent = nullptr;
}

} // namespace tenterhook::trace::detail
