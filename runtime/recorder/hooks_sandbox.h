// What syscall() has in common with the functions in hooks_sandbox.cpp.
#ifndef TENTERHOOK_RUNTIME_RECORDER_HOOKS_SANDBOX_H
#define TENTERHOOK_RUNTIME_RECORDER_HOOKS_SANDBOX_H

#include "recorder/hook.h"

namespace tenterhook::recorder {

// Around a call that wants a process of one thread. Keeps errno.
class ThreadsPutAway {
public:
  explicit ThreadsPutAway(bool new_process_numbers) noexcept;
  ~ThreadsPutAway();
  ThreadsPutAway(const ThreadsPutAway &) = delete;
  ThreadsPutAway &operator=(const ThreadsPutAway &) = delete;
  bool may_be_early(long result) noexcept; // the call is to be made again

private:
  int error_;
  bool put_away_ = false;
  unsigned tries_ = 0;
};

// From the next call on the kernel filters this thread's system calls.
void before_filter() noexcept;

} // namespace tenterhook::recorder

#endif
