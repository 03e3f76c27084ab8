// Threads of ours in the program's process. libc ends a process when its last thread ends, by the function that it began
// with or pthread_exit(): it must not wait for ours, which end with the process only. So libc's count is one of the program's
// threads alone. Private to runtime/trace and the recorder.
#ifndef TENTERHOOK_RUNTIME_TRACE_OWN_THREADS_H
#define TENTERHOOK_RUNTIME_TRACE_OWN_THREADS_H

#include <cstddef>

namespace tenterhook::trace::detail {

// A detached thread with all signals blocked; `stack` bytes, 0: as is usual. False if there can be none. Where libc does not
// let its count be known (glibc before 2.34, others) such a thread keeps a process whose other threads have all ended.
bool create_own_thread(void *(*run)(void *), void *argument, std::size_t stack) noexcept;
// The last that `run` does before it returns. A thread of the program must be waiting for that, or calling exit(): this one is
// counted from here on.
void end_own_thread() noexcept;

} // namespace tenterhook::trace::detail

#endif
