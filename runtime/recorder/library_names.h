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

} // namespace tenterhook::recorder

#endif
