// What the process does about signals, and the two views of it: the kernel's and the program's. Where the program leaves
// or puts the default for a signal that ends a process, the kernel has a handler of ours; whoever asks is told what the
// program has set. For that the functions that set and ask are interposed: sigaction and its kin, and sigaltstack. The
// recorder preloads these definitions, a program of the runtime has them in itself; without a trace they pass through.
//
// Everything that is not the default, ignored signals too, is the program's own in the kernel as well. So what children
// inherit, what exec keeps and what libc does inside (system, posix_spawn, abort) is as without us. A process that
// shares our memory but is none of ours (a vfork child) only has its questions translated.
//
// Async-signal-safe after guard(). Thread-safe as sigaction is: two threads that set the same signal at once end with one
// of both. Private to runtime/trace and the recorder.
#ifndef TENTERHOOK_RUNTIME_TRACE_DISPOSITIONS_H
#define TENTERHOOK_RUNTIME_TRACE_DISPOSITIONS_H

#include <atomic>
#include <cstdint>
#include <signal.h>

namespace tenterhook::trace::detail {

class Dispositions {
public:
  using Handler = void (*)(int, siginfo_t *, void *);

  // From now on `handler` runs, with all signals blocked, before a signal ends this process. Not in process 1, which the
  // kernel spares the signals that it has no handler for.
  void guard(Handler handler) noexcept;
  // Every disposition becomes the program's own, until guard() is called again.
  void leave() noexcept;
  void in_forked_child() noexcept;
  // The default for `number`, as the program has set it: what the handler calls before it sends the signal again.
  void put_default(int number) noexcept;
  bool is_of_this_process() const noexcept;

  // As sigaction(2) and sigaltstack(2), from the program's view; errno and -1 on failure.
  int act(int number, const struct sigaction *wanted, struct sigaction *before) noexcept;
  int use_alternate(const stack_t *wanted, stack_t *before) noexcept;
  // The default of `number` was set past libc, so without libc's way back from handlers; or by libc itself, as system()
  // does with SIGINT and SIGQUIT, so with it.
  void set_past_libc(int number, int flags, void (*restorer)()) noexcept;
  void set_by_libc(int number) noexcept;

private:
  static constexpr int last = 64;
  // The default as the program has set it: only what sigaction gives back.
  struct Default {
    std::atomic<std::uint64_t> mask{0};
    std::atomic<int> flags{0};
    std::atomic<void (*)()> restorer{nullptr};
  };
  Default defaults[last + 1];
  std::atomic<Handler> handler{nullptr};
  std::atomic<std::uint32_t> owner{0};         // the process whose dispositions these are
  std::atomic<std::uint64_t> off_alternate{0}; // handlers of the program that want an alternate stack, and lack SA_ONSTACK

  bool is_ours(const struct sigaction &) const noexcept;
  void show(int number, struct sigaction &) const noexcept;
  void claim(int number) noexcept;
  void keep_off_alternate(int number) noexcept;
  void give_alternate_back() noexcept;
};
extern Dispositions dispositions;

} // namespace tenterhook::trace::detail

#endif
