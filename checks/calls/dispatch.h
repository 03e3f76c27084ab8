// Who takes kept callables out and runs them: a program's own event loops and pools, recognised by what they do.
//
// A *dispatcher* is a call through a value that was kept in a cell (a queue, a list of handlers), made again and again (on
// a cycle of its function, or of who calls that), while things are also taken out of the cell somewhere, or where its
// function waits for events between (epoll_wait, poll): that one is an event loop, on however many threads. The threads that
// run the dispatcher say what it is: several threads, or threads that are started again and again, are a pool, whose jobs
// may block; one thread is an event loop if what it runs resumes coroutines, or if it is the program's main thread and waits
// for more: all else that was given to it waits meanwhile. A thread of its own that runs plain jobs, or such that wait before
// they resume a coroutine, is a worker, and may block.
//
// So is a call that is resolved at run time, on objects that a container of pointers to them held: a queue of Runnables. What
// it runs is what their classes do in whose objects were put in.
//
// So is the resumption of handles that an await_suspend has put away, by a function that waits again and again: without the
// wait it is the end of one coroutine that goes on with the next.
#ifndef TENTERHOOK_CHECKS_CALLS_DISPATCH_H
#define TENTERHOOK_CHECKS_CALLS_DISPATCH_H

#include "calls/call_graph.h"

namespace tenterhook::analysis {

struct Dispatcher {
  FunctionId in = none;
  facts::OpId op = none;
  facts::Operand kept;             // what of `in` holds them: the queue, or what gives them out; unknown if it has no name there
  std::vector<FunctionId> targets; // bodies that it may run; none where it resumes handles
  bool resumes = false;            // one of them, or what they call, resumes a coroutine
  bool waits = false;              // its function, or what that calls, waits between two of them …
  bool watches = false;            // … for whichever of several descriptors is ready
};

// All dispatchers, by function and operation.
std::vector<Dispatcher> find_dispatchers(const Program &program, const Library &library, const CallGraph &calls);

// Operations that may run more than once in one run of their function: those on a cycle of its control flow. Filled on demand.
class Cycles {
public:
  Cycles(const Program &program, const GuardsOf &guards) : program_(program), guards_(guards) {}
  bool on_cycle(FunctionId f, facts::OpId op) { return cycle(f, op) != 0; }
  // Whether one run of the function may run both in turn, again and again.
  bool on_one_cycle(FunctionId f, facts::OpId a, facts::OpId b) { return on_cycle(f, a) && cycle(f, a) == cycle(f, b); }

private:
  std::uint32_t cycle(FunctionId f, facts::OpId op);
  const Program &program_;
  const GuardsOf &guards_;
  llvm::DenseMap<FunctionId, std::vector<std::uint32_t>> blocks_; // by block: the cycle that it is on, 0 if none
};

} // namespace tenterhook::analysis

#endif
