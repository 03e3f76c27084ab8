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

private:
  bool overwrites(FunctionId f, facts::OpId assignment) const;

  const Program &program_;
  const Library &library_;
  const GuardsOf &guards_;
};

} // namespace tenterhook::analysis

#endif
