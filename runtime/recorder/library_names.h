// Which functions of the standard library are compiled into the program (they are templates or inline) and have nothing
// of the program inlined into them: locks, their guards, waits. Where they are not inlined themselves, as at -O0, the
// place of a call is the one that called them. So are asio's own locks and events. Functions that take the program's
// callables are none of these: at -O2 the callable is part of them (std::function's invoker, std::call_once, a thread's
// start).
#ifndef TENTERHOOK_RUNTIME_RECORDER_LIBRARY_NAMES_H
#define TENTERHOOK_RUNTIME_RECORDER_LIBRARY_NAMES_H

#include <string_view>

namespace tenterhook::recorder {

bool is_library_function(std::string_view mangled) noexcept;

// Functions that run a loop and wait on a condition variable while there is nothing to do: asio's and Boost's io_context
// without a reactor (nobody has made a timer or a socket). Nothing but the name tells such a thread from a worker that
// waits at a queue. asio's own workers run the same functions: those of thread_pool and system_context, and the one
// thread that looks up names; so a loop is one where none of these is on the stack.
bool is_loop_function(std::string_view mangled) noexcept;
bool is_worker_function(std::string_view mangled) noexcept;

} // namespace tenterhook::recorder

#endif
