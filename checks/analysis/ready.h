// Waits that do not wait: what a function knows about the thing that it waits for, and about its own thread.
#ifndef TENTERHOOK_CHECKS_ANALYSIS_READY_H
#define TENTERHOOK_CHECKS_ANALYSIS_READY_H

#include "analysis/call_graph.h"
#include "analysis/dominators.h"

namespace tenterhook::analysis {

class Readiness {
public:
  Readiness(const Program &program, const Library &library, const CallGraph &calls, const GuardsOf &guards)
      : program_(program), library_(library), calls_(calls), guards_(guards) {}

  // Whether what the wait `op` waits for is there by then, for all that `f` shows.
  bool known(FunctionId f, facts::OpId op) const;
  // Whether an object is what an await gave back as a result: ready.
  bool awaited(FunctionId f, const facts::Operand &object) const;
  // Whether the object that `destroy` destroys was awaited before.
  bool awaited_before(FunctionId f, facts::OpId destroy) const;
  // Whether the promise of the future that `op` waits for was given to what perhaps kept it at once.
  bool perhaps_kept(FunctionId f, facts::OpId op) const;
  // Whether the coroutine has no executor at `op`: it is on no loop.
  bool without_executor(FunctionId f, facts::OpId op) const;

private:
  bool asserted(FunctionId f, facts::OpId op) const;

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  const GuardsOf &guards_;
};

} // namespace tenterhook::analysis

#endif
