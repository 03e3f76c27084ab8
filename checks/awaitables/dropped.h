// Awaitables that a function makes and does not await: dropped at once, never used again, or forgotten on some path.
//
// Any use counts as a hand-over (awaited, returned, moved, passed, captured, asked `available()`) but for the question
// whether there is one, `if (task)`: the claim is that nobody looked at the object again, nor at the variable or the box
// (std::optional, std::vector) that it was moved into or came in. A path that ends in throw, in a handler or in a noreturn call
// owes nothing, and a path on which a condition is both true and false is none.
#ifndef TENTERHOOK_CHECKS_AWAITABLES_DROPPED_H
#define TENTERHOOK_CHECKS_AWAITABLES_DROPPED_H

#include "awaitables/awaitables.h"

namespace tenterhook::analysis {

enum class DropKind : std::uint8_t {
  discarded,    // an expression statement
  never_used,   // stored in a variable, and then nothing reads it
  some_path,    // stored; used on other paths
  no_iteration, // stored; used by a loop that may not run
  overwritten,  // stored; then the variable got another value
  by_taker,     // a callable gives it to somebody who does not look at what it gives
};

struct Dropped {
  FunctionId in = none;
  facts::OpId made = none; // the call, construct or await that gave it, or the box that it is in; none: parameter `variable`
  DropKind kind = DropKind::discarded;
  facts::TypeId type = none; // of the awaitable, or of what owns it
  facts::InitialSuspend start = facts::InitialSuspend::unknown;
  facts::LocalId variable = none;
  facts::Operand callable{}; // by_taker; `made` is where that is written
  // by_taker: the operation that takes the callable. overwritten: the operation that stores the next value. never_used,
  // some_path: the variable's destruction, none if nothing is executed for it.
  facts::OpId lost_at = none;
  bool exception_expected = false; // a test that wants the call to throw: then there is nothing to drop
  bool in_box = false;             // in an object that may own none: an optional, a container
  bool put = false;                // put into local container `variable`; `made` may be what puts it there
  bool asked = false;              // only asked whether there is one
};

// Callables of function `f` whose tasks are dropped (dropped_callables.cpp).
void find_in_callables(const Program &program, const Library &library, const Awaitables &awaitables, FunctionId f,
                       std::vector<Dropped> &out);

// By function and operation.
std::vector<Dropped> find_dropped(const Program &program, const Library &library, const CallGraph &calls);

} // namespace tenterhook::analysis

#endif
