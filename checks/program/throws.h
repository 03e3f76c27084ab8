// Which functions an exception leaves, and what of a body is reached: the last pass of linking.
#ifndef TENTERHOOK_CHECKS_PROGRAM_THROWS_H
#define TENTERHOOK_CHECKS_PROGRAM_THROWS_H

#include "program/program.h"

namespace tenterhook::analysis {

class Throws {
public:
  explicit Throws(Program &program) : program_(program) {}
  void find(); // after all bodies have their place: asks body_for

private:
  void find_dead(FunctionId f);

  Program &program_;
};

} // namespace tenterhook::analysis

#endif
