// Which values somebody must await: awaitables, and what does nothing but own some; and which operations give them.
//
// A *task* is the object of a coroutine (or what a model calls so): who has it, alone decides whether it is awaited. All
// answers are of one operation or type; what becomes of the value is dropped_flow.h's question.
#ifndef TENTERHOOK_CHECKS_AWAITABLES_AWAITABLES_H
#define TENTERHOOK_CHECKS_AWAITABLES_AWAITABLES_H

#include "calls/answers.h"
#include <map>

namespace tenterhook::analysis {

class Awaitables {
public:
  Awaitables(const Program &program, const Library &library, const CallGraph &calls);

  bool must_await(facts::TypeId t) const;
  bool is_task(facts::TypeId t) const;
  // When an awaitable of this type begins to run.
  facts::InitialSuspend start(facts::TypeId t) const;
  // The tasks that an object of this class owns, a std::optional or a std::vector of them: their type; none if it is no
  // such class.
  facts::TypeId inside(facts::TypeId t) const { return inside(t, 0); }

  // `op` gives an awaitable that nobody had before.
  bool makes(FunctionId f, const facts::Operation &op) const;
  // `op` gives an object that owns tasks which nobody had before.
  bool makes_box(FunctionId f, const facts::Operation &op) const;
  // The operation that makes the awaitable which `op` puts into an object that owns it; none if it does not.
  facts::OpId boxed(FunctionId f, const facts::Operation &op) const;
  // What operation `i` gives has nothing left to do, whatever happens: nobody has to wait for it. So a variable may begin.
  bool finished(FunctionId f, facts::OpId i) const { return finished(f, i, 0); }
  // `op` moves a task from one local variable to another: then that one has it, and must be awaited.
  bool takes_over(const facts::Function &function, const facts::Operation &op) const;

  // `op` asks its receiver only whether there is one: the conversion to bool of a lazy task, or of what owns tasks, starts
  // nothing.
  bool asks(const facts::Operation &op) const;
  // Operation `i` is asked at the end of what its function returns: `return done || task;`. Who asks so has thought of it.
  bool at_the_end(FunctionId f, facts::OpId i) const;
  // What `op` gives is asked, and gone.
  bool asked_and_dropped(FunctionId f, const facts::Operation &op) const;

private:
  bool gives_new_task(const facts::Function &function, const facts::Operation &op) const;
  bool may_be_dropped(FunctionId f, const facts::Operation &op) const;
  facts::TypeId inside(facts::TypeId t, unsigned depth) const;
  bool finished(FunctionId f, facts::OpId i, unsigned depth) const;

  const Program &program_;
  const Library &library_;
  std::vector<Answer> answers_;               // by function
  std::map<facts::TypeId, FunctionId> ready_; // by awaiter class: its await_ready
};

} // namespace tenterhook::analysis

#endif
