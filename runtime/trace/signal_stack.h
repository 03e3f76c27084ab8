// An alternate signal stack for a thread that has none: where its stack overflows, the handler that writes the trace out
// has no other place to run. The program does not see it: it may have one of its own before or after, is told that there
// is none (dispositions.h), and its handlers stay on the stack that they would run on: SA_ONSTACK is kept from them until
// the program uses alternate stacks itself, and from then on none is lent. Private to runtime/trace and the recorder.
#ifndef TENTERHOOK_RUNTIME_TRACE_SIGNAL_STACK_H
#define TENTERHOOK_RUNTIME_TRACE_SIGNAL_STACK_H

#include <atomic>
#include <cstddef>

namespace tenterhook::trace::detail {

// Lent to one thread at a time. The memory stays for the next; pages come when they are used.
class SignalStack {
  static constexpr std::size_t guard = 4096, size = std::size_t(1) << 18;
  char *memory = nullptr;

public:
  void give() noexcept;                      // to the calling thread
  void take_back() noexcept;                 // from it, before it ends
  void lose() noexcept { memory = nullptr; } // it stays with its thread

  static bool is_lent(const void *stack) noexcept; // to the calling thread
};

// The program uses alternate stacks.
extern std::atomic<bool> has_own_alternates;
// Whether it has shown by now that it sets them without libc, where no hook sees it: the calling thread has one that was not
// lent, or `handler`, which wants one, is Go's. Go may have taken what was lent for its own.
bool sets_alternates_itself(const void *handler) noexcept;

} // namespace tenterhook::trace::detail

#endif
