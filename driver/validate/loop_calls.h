// Whether a stack is that of a loop's callback: the invocation that waits for events, turn after turn, is on it, and the
// thread will come to wait there again once the call is over.
//
// A trace tells with which stacks a thread waits for events. The stack of a call has the outer frames of such a wait in
// common with it, down to the function where the two part; the machine code tells the rest:
// - That function must wait by one call and have made the other, or what it called must have jumped to the callback. One
//   place that calls now what waits and now what blocks is a pool's: its jobs are what differs.
// - It, or a function outside of it, must come back to the wait. A job that polls four times has a loop of its own,
//   which is over; so is a loop that has ended, and what main() does before and after its loop.
// - From the loop to where the two part no callback may be called: then that one is a job, and waits within.
// A wait that only starts over when a signal came is no loop.
#ifndef TENTERHOOK_DRIVER_VALIDATE_LOOP_CALLS_H
#define TENTERHOOK_DRIVER_VALIDATE_LOOP_CALLS_H

#include "trace/machine_code.h"
#include "trace/symbols.h"
#include <map>
#include <set>

namespace tenterhook::validate {

class LoopCalls {
public:
  LoopCalls(const runs::Run &, runs::Symbols &, runs::MachineCode &); // all outlive it
  void learn(const runs::Event &);                                    // every event of the run, before the first question
  // Stacks are ids of the run. False where there is nothing to tell by: no stack, no machine code.
  bool made(std::uint32_t thread, std::uint32_t stack);

private:
  using Addresses = llvm::ArrayRef<std::uint64_t>;
  bool is_callback_of(Addresses wait, Addresses call, llvm::ArrayRef<std::uint32_t> waits);
  bool comes_to_another_wait(Addresses from, std::uint64_t place, llvm::ArrayRef<std::uint32_t> waits);
  bool repeats(std::uint64_t place) { return code_.repeats(place) != runs::Answer::no; }
  bool is_called_by_dispatch(Addresses call, std::size_t frame);
  bool is_known_loop(std::uint64_t place);

  const runs::Run &run_;
  runs::Symbols &symbols_;
  runs::MachineCode &code_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> waits_; // stacks, by thread
  std::set<std::pair<std::uint32_t, std::uint32_t>> learned_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, bool> known_;
};

} // namespace tenterhook::validate

#endif
