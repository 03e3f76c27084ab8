// sigaltstack(2), with system calls of our own: see signal_stack.h.
#include "trace/signal_stack.h"
#include "trace/system.h"

#include <csignal>
#include <sys/mman.h>

namespace tenterhook::trace::detail {

void SignalStack::give() noexcept {
  stack_t there{};
  if (system_call(SYS_sigaltstack, 0, word(&there)) != 0 || !(there.ss_flags & SS_DISABLE))
    return;
  if (!memory) {
    long made = system_call(SYS_mmap, 0, guard + size, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made < 0 && made > -4096)
      return;
    memory = reinterpret_cast<char *>(made);
    system_call(SYS_mprotect, made, guard, PROT_NONE);
  }
  stack_t ours{};
  ours.ss_sp = memory + guard;
  ours.ss_size = size;
  system_call(SYS_sigaltstack, word(&ours), 0);
}

void SignalStack::take_back() noexcept {
  stack_t there{};
  if (!memory || system_call(SYS_sigaltstack, 0, word(&there)) != 0 || there.ss_sp != memory + guard)
    return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  if (system_call(SYS_sigaltstack, word(&none), 0) != 0)
    lose(); // the thread ends in a handler
}

} // namespace tenterhook::trace::detail
