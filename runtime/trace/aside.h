// Work with files of our own without a descriptor in the program's table: in a task that shares this process's memory but
// has a table, a current folder and a root of its own. Private to runtime/trace and the recorder.
#ifndef TENTERHOOK_RUNTIME_TRACE_ASIDE_H
#define TENTERHOOK_RUNTIME_TRACE_ASIDE_H

namespace tenterhook::trace::detail {

// Calls work(argument) in such a task while the calling thread waits, with all signals blocked, on 64 KiB of stack. It is a
// child process as vfork makes one, whose end raises no signal and which no wait of the program sees. Thread-local variables are
// the caller's; process and thread ids are others. Where there can be no such task (a limit, a sandbox, an older kernel), the
// calling thread does the work itself: what it opens it is to close before it returns. Async-signal-safe if the work is.
void run_aside(void (*work)(void *), void *argument) noexcept;
template <typename Work> void aside(Work &work) noexcept {
  run_aside([](void *given) { (*static_cast<Work *>(given))(); }, &work);
}

// The calling thread, which is one of ours, gets an empty table, and a root and current folder that the program does not
// change. False if the kernel does not do that (before 5.9): then nothing has changed.
bool leave_descriptors() noexcept;

// The first child of this process has a meaning (a namespace's init): from now on the work is done here.
void stay_here() noexcept;
void reset_aside() noexcept; // in a forked child

} // namespace tenterhook::trace::detail

#endif
