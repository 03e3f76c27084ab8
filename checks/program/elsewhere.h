// Code that was not looked at, because only some of a program's translation units were (Program::whole).
#ifndef TENTERHOOK_CHECKS_PROGRAM_ELSEWHERE_H
#define TENTERHOOK_CHECKS_PROGRAM_ELSEWHERE_H

#include "program/program.h"

namespace tenterhook::analysis {

// Whether `function` may have a body in such code. Never in a whole program; `none` has no body.
inline bool is_elsewhere(const Program &program, facts::EntityId function) {
  return !program.whole && function != none && !program.entities[function].system && program.bodies(function).empty();
}

} // namespace tenterhook::analysis

#endif
