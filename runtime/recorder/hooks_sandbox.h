// What syscall() has in common with the functions in hooks_sandbox.cpp.
#ifndef TENTERHOOK_RUNTIME_RECORDER_HOOKS_SANDBOX_H
#define TENTERHOOK_RUNTIME_RECORDER_HOOKS_SANDBOX_H

#include "recorder/hook.h"

namespace tenterhook::recorder {

// Before a call that counts this process's threads, or wants one alone: ours end, and come again with a call that is recorded
// a moment later. False if nothing was to be done. Keeps errno.
bool put_threads_away() noexcept;
// Of unshare and setns, whose next child may be a namespace's first process.
void before_namespace(bool of_process_numbers) noexcept;

// From the next call on the kernel filters this thread's system calls.
void before_filter() noexcept;

} // namespace tenterhook::recorder

#endif
