// An alternate signal stack for a thread that has none: where its stack overflows, the handler that writes the trace out
// has no other place to run. A program that sets one of its own, before or after, keeps it. Private to runtime/trace and
// the recorder.
#ifndef TENTERHOOK_RUNTIME_TRACE_SIGNAL_STACK_H
#define TENTERHOOK_RUNTIME_TRACE_SIGNAL_STACK_H

#include <cstddef>

namespace tenterhook::trace::detail {

// Lent to one thread at a time. The memory stays for the next: pages come when they are used, and it is large, since
// handlers of the program with SA_ONSTACK now run there as well.
class SignalStack {
  static constexpr std::size_t guard = 4096, size = std::size_t(1) << 18;
  char *memory = nullptr;

public:
  void give() noexcept;      // to the calling thread
  void take_back() noexcept; // from it, before it ends
  void lose() noexcept { memory = nullptr; } // it stays with its thread
};

} // namespace tenterhook::trace::detail

#endif
