// Threads that run a loop: they wait in epoll_wait, io_uring_enter, poll or select, turn after turn. A loop that stays
// out of its wait for longer than the stall threshold is asked by the watchdog's thread, with a signal, for its stack.
//
// The signal must not change what the program does. It is sent only to a thread that runs on a processor, waits for a
// futex (whose users all start over), or has been for long in a call that the kernel restarts; a call that was
// interrupted all the same, by a signal on its way, is made again. Threads in other calls write their stack themselves
// when the call returns.
#ifndef TENTERHOOK_RUNTIME_RECORDER_LOOPS_H
#define TENTERHOOK_RUNTIME_RECORDER_LOOPS_H

#include "recorder/hook.h"
#include "recorder/stack.h"

#include <poll.h>

namespace tenterhook::recorder {

enum class WaitKind { queue, list }; // epoll, io_uring: only loops use them; poll, select: others as well

struct WaitFor {
  WaitKind kind;
  const pollfd *only = nullptr; // if it is one alone; nobody has checked the pointer yet
  bool nothing = false;         // no descriptors at all: a sleep
};

// The thread goes to wait for events: false if that is no loop's wait but a call like others.
bool begin_wait(Thread &, const Caller &, const WaitFor &, const AnyFunction &, bool nonblocking) noexcept;

// The thread runs a loop, and waits for a condition because the loop has nothing for it to do (of asio's threads one
// waits in epoll_wait, the others for that one), or because the loop was left: whoever waits is also on the stack when
// the thread waits for events. Then the thread does not stall.
// Or the thread waits in a function of a library that runs a loop without descriptors (library_names.h).
bool begin_idle_wait(Thread &, const Caller &, const void *released_meanwhile) noexcept;

// Between begin_wait and the return of the call.
class Turn {
public:
  explicit Turn(Thread &thread, const Caller &here) noexcept
      : thread_(thread), frame_(here.frame), samples_(thread.samples.load(std::memory_order_relaxed)) {
    thread_.call_frame = frame_;
    thread_.waiting.store(Waiting::fragile, std::memory_order_relaxed);
  }
  ~Turn();
  Turn(const Turn &) = delete;
  Turn &operator=(const Turn &) = delete;
  bool only_sampled() const noexcept { return errno == EINTR && thread_.samples.load(std::memory_order_relaxed) != samples_; }

private:
  Thread &thread_;
  const void *frame_;
  std::uint32_t samples_;
};

template <typename Result, typename... Parameters, typename... Arguments>
Result waited(const Function<Result(Parameters...)> &function, const Caller &here, const WaitFor &wait, bool nonblocking,
              Arguments... arguments) {
  Thread *thread = enter(here);
  if (!thread)
    return function(arguments...);
  if (!begin_wait(*thread, here, wait, function, nonblocking))
    return timed_in(*thread, function, here, {.descriptor = -1, .nonblocking = nonblocking, .waiting = Waiting::fragile},
                    arguments...);
  Turn turn(*thread, here);
  for (;;) {
    Result result = function(arguments...);
    if (result == -1 && turn.only_sampled())
      continue;
    return result;
  }
}

// A call with this stack was slow. A loop of a library that had no reason to wait yet is known by the stack.
void note_loop_of_library(Thread &, const Stack &) noexcept;
// Whether the loop is one that says itself that it runs what has this stack: the runtime's, or a library's whose
// functions are known. Of others the trace has the stacks with which they wait (Kind::loop_place), and its reader
// decides: a thread that waited for events once runs other things as well.
bool is_below_known_loop(const Thread &, const Stack &) noexcept;
// A call that took long is over; if it made a loop stall, its stack is the stall's. `id` 0: not kept yet.
void note_stalling_call(Thread &, const Stack &, std::uint32_t id, std::uint64_t duration) noexcept;

// Loops of tenterhook::runtime are told by the program's copy of it, turns, stalls and all; the recorder only watches
// them, to give its stack to the runtime's stall. It writes one itself where the runtime has none to write: of slices
// that are below the loop's own threshold, or consist of many callbacks.
void watch_loops_of_runtime() noexcept; // once, before the trace begins

void forget_watchdog() noexcept; // in a forked child
void end_watchdog() noexcept;    // its thread ends, until a loop waits again

} // namespace tenterhook::recorder

#endif
