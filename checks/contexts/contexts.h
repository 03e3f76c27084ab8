// Execution contexts: which kinds of threads run each function, and where a coroutine is between two awaits.
//
// A context mask grows along in-place calls, awaits and spawns until nothing changes. A coroutine whose creator is not
// seen, or hands it to code that is not seen, has the bit `unseen`: rules take it to run on an event loop, because that
// is what coroutines are for, and say so with a lower confidence than a loop that was seen.
#ifndef TENTERHOOK_CHECKS_CONTEXTS_CONTEXTS_H
#define TENTERHOOK_CHECKS_CONTEXTS_CONTEXTS_H

#include "contexts/executors.h"

namespace tenterhook::analysis {

using ContextMask = std::uint16_t;
enum Context : ContextMask {
  context_unseen = 1,     // nobody seen runs it
  context_loop = 2,       // an event loop
  context_pool = 4,       // a worker of a pool that may block
  context_thread = 8,     // a thread of its own
  context_main = 16,      // the program's main thread, outside any loop
  context_waiting = 64,   // a thread outside any loop that runs the coroutine itself (sync_wait, task.resume())
  context_resumed = 128,  // at an operation: after a suspension, wherever its end was announced
  context_inherited = 32, // at an operation: wherever the function was entered
  context_fiber = 256,    // a fiber on an event loop's thread
  context_presumed = 512, // beside context_loop: how many threads run it was not seen
};

// How a function came to run on a loop: the operation that hands it over.
struct Handover {
  FunctionId in = none;
  facts::OpId op = none;
  bool awaited = false; // it is awaited there
  bool sure = true;     // false: it hands over one of several callables
  bool valid() const { return in != none; }
};

class Contexts {
public:
  Contexts(const Program &program, const Library &library, const CallGraph &calls, const LockNames &names);

  ContextMask of(FunctionId f) const { return of_[f]; }
  // The contexts in which operation `op` of `f` runs, `context_inherited` resolved.
  ContextMask at(FunctionId f, facts::OpId op) const;
  // Whether blocking at `op` stops others: any context but pools and threads.
  bool on_loop(FunctionId f, facts::OpId op) const;
  // Whether a loop that waits for whichever of several descriptors is ready runs the function as one's handler.
  bool watched(FunctionId f) const { return watched_.count(f) != 0; }
  bool any_watched() const { return !watched_.empty(); }
  // Whether the operation runs several times in one run of its function.
  bool repeats(FunctionId f, facts::OpId op) const { return origins_.on_cycle(f, op); }
  // The first place (sure ones first, then by function and operation) that runs `f` on a loop or in a fiber, or awaits it there;
  // invalid if unseen.
  const Handover &handover(FunctionId f) const { return handover_[f]; }

private:
  void solve();
  bool classify(const std::vector<Dispatcher> &dispatchers);
  bool find_resumers();
  bool is_called_by_value(FunctionId f) const;
  ContextMask where(FunctionId f, const facts::Operation &op, const models::ExecutorClause &clause) const;
  ContextMask later_on(FunctionId f, const LaterEdge &e) const;
  void flow_executors(FunctionId f);
  void find_suspending();
  bool suspends(FunctionId f, const facts::Operation &await) const;
  bool resumes(FunctionId in, const facts::Operation &call) const;
  ContextMask start_of(FunctionId f) const;
  void seed();
  void follow(FunctionId coroutine, FunctionId in, facts::OpId op);
  void follow_local(FunctionId coroutine, FunctionId in, facts::LocalId local);
  bool follow_captured(FunctionId coroutine, FunctionId in, const facts::Operation &closure, facts::LocalId local);
  bool captures(const facts::Function &lambda, const facts::Operand &operand, facts::LocalId local) const;
  bool drives_alone(FunctionId in, FunctionId lambda) const;
  bool gives_handle_on(FunctionId in, facts::LocalId local) const;
  void run_on(FunctionId f, FunctionId in, facts::OpId op, ContextMask on, bool sure = true);
  void propagate();

  struct Run { // from the number of functions on, `to` and `in` are sets of targets. `to` runs wherever `in` is at `op`, or on
               // `fixed` if that is not inherited
    FunctionId to = none, in = none;
    facts::OpId op = none;
    ContextMask fixed = 0; // context_inherited: where `in` is
    bool awaited = false;
    bool waiting = false; // `in` runs it itself: in a library's sync_wait, or by resume()
    bool sure = true;     // as in Handover
  };

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  mutable Origins origins_; // these remember what they were asked: while this is made, no more
  mutable Threads threads_;
  mutable Executors executors_;
  std::vector<ContextMask> of_;              // by function, then by set of targets
  std::vector<std::vector<ContextMask>> at_; // coroutines that change executors: by OpId; else empty
  std::vector<Run> runs_;
  std::set<std::tuple<FunctionId, FunctionId, facts::OpId>> followed_; // (coroutine, function, operation) that were followed
  std::map<FunctionId, ContextMask> resumed_;                          // by await_suspend: where its handles are resumed
  std::map<FunctionId, ContextMask> dispatched_;                       // where dispatchers run what they take out
  std::set<FunctionId> watched_;
  struct Dispatched {
    std::vector<FunctionId> targets;
    ContextMask mask = 0;
  };
  std::map<std::pair<FunctionId, facts::OpId>, Dispatched> dispatchers_; // those that are loops or pools of the program's own
  std::map<std::pair<FunctionId, facts::OpId>, FunctionId> created_;     // call → the coroutine that it creates
  std::vector<bool> suspends_; // coroutines that something outside of the program's coroutines resumes
  std::vector<Handover> handover_;
};

} // namespace tenterhook::analysis

#endif
