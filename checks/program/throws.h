// Which functions return, which ones an exception leaves, and what of a body is reached: the last pass of linking.
#ifndef TENTERHOOK_CHECKS_PROGRAM_THROWS_H
#define TENTERHOOK_CHECKS_PROGRAM_THROWS_H

#include "program/program.h"

namespace tenterhook::analysis {

class Throws {
public:
  explicit Throws(Program &program) : program_(program) {}
  void find(); // after all bodies have their place: asks body_for

private:
  using Callers = std::vector<std::vector<FunctionId>>; // by FunctionId: whose direct calls run it
  facts::OpId last_of(FunctionId f, facts::BlockId block) const;
  bool returns(FunctionId f) const;
  void end_at_calls(const Callers &callers);
  void find_dead(FunctionId f);

  Program &program_;
  std::vector<bool> never_, calls_never_; // by FunctionId: it does not return; it calls such a function
};

} // namespace tenterhook::analysis

#endif
