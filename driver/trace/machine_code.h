// What the machine code of a run's modules says of two places in it: whether they are in one function, how a call was
// made, and whether control can come from one place to the other within one invocation. Read from the files on this disk
// and their unwind tables, so it needs no symbols; of a module that is not there, or is another build, nothing is known.
#ifndef TENTERHOOK_DRIVER_TRACE_MACHINE_CODE_H
#define TENTERHOOK_DRIVER_TRACE_MACHINE_CODE_H

#include "trace/model.h"
#include <memory>

namespace tenterhook::runs {

enum class Answer { no, unknown, yes };

// Places are return addresses of the run: they stand for the call before them.
class MachineCode {
public:
  explicit MachineCode(const Run &);
  ~MachineCode();

  // Where the function begins; a part that the compiler moved away (".cold") is a function of its own. 0: unknown.
  std::uint64_t function_of(std::uint64_t place);
  // `direct`: the callee is named in the instruction, by its address or its entry in a table of the linker. Else it was
  // in a variable: a callback, a virtual function.
  struct Call {
    Answer direct = Answer::unknown;
    std::uint64_t callee = 0; // 0: unknown, as when a stub of the linker leads there
  };
  Call call_at(std::uint64_t place);
  // Whether the function at `place` is left for `function` by a jump: a tail call.
  bool jumps_to(std::uint64_t place, std::uint64_t function);
  // Whether control that came back to `from` can come to the call at `to`, without leaving the function but by jumps.
  // Exceptions are not followed: to a place that only they lead to the answer is unknown.
  Answer reaches(std::uint64_t from, std::uint64_t to);
  // Whether the call at `place` lies in the innermost loop of its function that the call at `wait` is in. A loop that
  // repeats nothing but the wait, and that for EINTR alone, is none. Of calls in two functions: whether each reaches the
  // other.
  Answer shares_loop(std::uint64_t wait, std::uint64_t place);
  // Whether the call is in a loop of its function that does not merely start over for EINTR.
  Answer repeats(std::uint64_t place);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace tenterhook::runs

#endif
