// Signals, where the program goes past libc's functions for them: by syscall() and inside of system(). The functions
// themselves are trace/dispositions.cpp's.
#ifndef TENTERHOOK_RUNTIME_RECORDER_SIGNALS_H
#define TENTERHOOK_RUNTIME_RECORDER_SIGNALS_H

namespace tenterhook::recorder {

// syscall(number, a, b, c, d): true if it is about dispositions or alternate stacks, and is done; `result` as of syscall().
bool is_done_for_signals(long number, long a, long b, long c, long d, long &result) noexcept;
// SIGINT and SIGQUIT have been put back by libc.
void after_system() noexcept;

} // namespace tenterhook::recorder

#endif
