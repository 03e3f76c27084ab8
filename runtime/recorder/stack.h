// Stacks (trace/unwind.h), and what a hook wants to know of them: the place in the program that called, and whether a
// coroutine's body is on the stack.
#ifndef TENTERHOOK_RUNTIME_RECORDER_STACK_H
#define TENTERHOOK_RUNTIME_RECORDER_STACK_H

#include "recorder/thread.h"

namespace tenterhook::recorder {

struct Place {
  std::uint64_t site = 0;      // return address in the innermost frame that is the program's
  std::uint64_t coroutine = 0; // the innermost body on the stack
  bool inside = false;
};

struct Stack {
  unsigned frames = 0; // in Thread::frames
  Place place;
};

// Around fork: nobody walks, for a child would inherit the loader's lock of a thread that it lacks.
void stop_walking() noexcept;
void go_on_walking(bool in_child) noexcept;

// The thread's stack without the recorder's own frames. In a signal handler, without its frame as well.
Stack walk(Thread &, bool in_signal = false) noexcept;
// What is known of the path to `here`, walked if need be. With the stack for those who report the place later: at -O0
// the site is somewhere in std::mutex::lock, and the coroutine two frames above.
Path &locate(Thread &, const Caller &here, bool with_stack = false) noexcept;
// The id of the stack that was walked last.
std::uint32_t keep_stack(Thread &, const Stack &) noexcept;
bool is_on_stack(Thread &, const Stack &, std::uint64_t coroutine) noexcept;

} // namespace tenterhook::recorder

#endif
