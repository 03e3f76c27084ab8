// Objects that end before their scope does: owner.reset(), helpers.clear(), future = {}.
//
// Which methods do that is model data (TypeModel::destroyed_by). Immutable once made.
#ifndef TENTERHOOK_CHECKS_CALLS_ENDINGS_H
#define TENTERHOOK_CHECKS_CALLS_ENDINGS_H

#include "library/library.h"
#include "program/dominators.h"

namespace tenterhook::analysis {

struct Ended {
  facts::TypeId type = facts::none; // of what ends, its members and what it owns included
  bool by_pointer = false;          // or of a class derived from it
  bool sure = true;                 // false: only if no other owner is left
};

class Endings {
public:
  Endings(const Program &program, const Library &library, const GuardsOf &guards)
      : program_(program), library_(library), guards_(guards) {}

  // What the call ends in its receiver. Absent: nothing, or nothing that is known to be there.
  std::optional<Ended> by(FunctionId f, facts::OpId call) const;
  // Whether a shared pointer of `f`, a local or a temporary, is the only one that leads to its object.
  bool only_owner(FunctionId f, const facts::AccessPath &pointer) const;

  // The construction of the object that lives there; none if it is not one.
  facts::OpId made_by(FunctionId f, const facts::AccessPath &object) const;

private:
  bool overwrites(FunctionId f, facts::OpId assignment) const;

  const Program &program_;
  const Library &library_;
  const GuardsOf &guards_;
};

// The body that a smart pointer's construction gives it as its deleter; none if it has none of the program's own.
FunctionId deleter_of(const Program &program, const Library &library, FunctionId f, const facts::Operation &construct);

} // namespace tenterhook::analysis

#endif
