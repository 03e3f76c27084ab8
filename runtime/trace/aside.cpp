// Tasks with a descriptor table of their own. See aside.h.
#include "trace/aside.h"
#include "trace/system.h"

#include <cstddef>
#include <sched.h>

namespace tenterhook::trace::detail {
namespace {

constexpr unsigned unshare_table = 1u << 1; // CLOSE_RANGE_UNSHARE: of a table that is to be emptied, nothing is copied
constexpr std::size_t stack_size = 1u << 16;
alignas(64) char stack[stack_size];
TENTERHOOK_WRITTEN_BY_FORK constinit Lock stack_lock;
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<bool> no_tasks{false};
thread_local constinit bool is_aside __attribute__((tls_model("initial-exec"))) = false; // there is a table of our own

struct Work {
  void (*call)(void *);
  void *argument;
};

[[maybe_unused]] void begin(void *given) noexcept {
  auto *work = static_cast<Work *>(given);
  if (!leave_descriptors()) {
    is_aside = true;
    system_call(SYS_unshare, CLONE_FILES);
    for (int low = 0; low < 3; ++low) // room, should the program have used up what it may open
      system_call(SYS_close, low);
  }
  work->call(work->argument);
}

// The task's id once it has ended, or -errno.
long clone_and_wait([[maybe_unused]] Work &work) noexcept {
#if defined(__x86_64__)
  // As vfork, but with a stack, and no signal at the end.
  constexpr long flags = CLONE_VM | CLONE_VFORK | CLONE_FS | CLONE_FILES;
  auto *top = reinterpret_cast<void **>(stack + stack_size);
  top[-1] = reinterpret_cast<void *>(&begin);
  top[-2] = &work;
  long result;
  register long r10 __asm__("r10") = 0;
  register long r8 __asm__("r8") = 0;
  __asm__ volatile("syscall\n\t"
                   "testq %%rax, %%rax\n\t"
                   "jnz 1f\n\t"
                   "xorl %%ebp, %%ebp\n\t"
                   "popq %%rdi\n\t"
                   "popq %%rax\n\t"
                   "callq *%%rax\n\t"
                   "xorl %%edi, %%edi\n\t"
                   "movl %[exit], %%eax\n\t"
                   "syscall\n\t"
                   "1:"
                   : "=a"(result)
                   : "a"(SYS_clone), "D"(flags), "S"(top - 2), "d"(0), "r"(r10), "r"(r8), [exit] "i"(SYS_exit)
                   : "rcx", "r11", "memory");
  return result;
#else
  return -ENOSYS;
#endif
}

} // namespace

bool leave_descriptors() noexcept {
  if (system_call(SYS_close_range, 0, ~0u, unshare_table) != 0)
    return false;
  system_call(SYS_unshare, CLONE_FS);
  is_aside = true;
  return true;
}

void run_aside(void (*call)(void *), void *argument) noexcept {
  if (is_aside || no_tasks.load(std::memory_order_relaxed))
    return call(argument);
  Work work{call, argument};
  std::uint64_t all = ~std::uint64_t(0), before = 0;
  system_call(SYS_rt_sigprocmask, 0 /* SIG_BLOCK */, word(&all), word(&before), sizeof all);
  stack_lock.lock();
  long task = clone_and_wait(work);
  if (task > 0) {
    constexpr long any_kind = 0x40000000; // __WALL: it has no signal, so an ordinary wait does not find it
    while (system_call(SYS_wait4, task, 0, any_kind, 0) == -EINTR)
      ;
  }
  is_aside = false; // the task had this thread's
  stack_lock.unlock();
  system_call(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, word(&before), 0, sizeof before);
  if (task <= 0)
    call(argument);
}

void stay_here() noexcept { no_tasks.store(true, std::memory_order_relaxed); }

void reset_aside() noexcept {
  stack_lock.reset();
  no_tasks.store(false, std::memory_order_relaxed);
}

} // namespace tenterhook::trace::detail
