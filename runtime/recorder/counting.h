// Programs that count their own threads, by files of /proc: task, status, stat. Ours are put away (hooks_sandbox.h) before the
// kernel counts, that is before what is open there is read, and before a name is asked for.
#ifndef TENTERHOOK_RUNTIME_RECORDER_COUNTING_H
#define TENTERHOOK_RUNTIME_RECORDER_COUNTING_H

namespace tenterhook::recorder {

// `made` was opened by this name, with success if it is not negative. Keeps errno, as do the others.
void note_opened(const char *path, int made) noexcept;
// Something was asked about this name, with success: true if the answer told of ours, and is to be asked for again.
bool asked_about(int folder, const char *path) noexcept;
// libc opens and reads it within one call. Nobody has checked the pointer.
void before_reading_all(const char *path) noexcept;
// A descriptor of which counts_threads() is true is read from, or asked about.
void before_reading(int descriptor) noexcept;
// syscall(number, a, b): what of the above there is to do. True: the call is to be made again.
void before_system_call(long number, long a) noexcept;
bool after_system_call(long number, long a, long b, long result) noexcept;

} // namespace tenterhook::recorder

#endif
