// Program: every TU's facts in one id space. The result of linking, the input of every analysis.
//
// Entities merge by EntityName, types by spelling and place of definition, bodies by (entity, body hash); a TU with
// errors only adds to what the others say. Functions are sorted by place and name, so a FunctionId does not depend on
// the order of the TUs nor on which TU gave a shared body.
// A program is `whole` if these are all TUs there are (a closed world). Otherwise code that was not looked at may start, call,
// override and define what is seen here, and what hangs on that is at most possible: never more, nor surer, than the whole
// program would say.
// Immutable once linked; safe to read from many threads.
#ifndef TENTERHOOK_CHECKS_PROGRAM_PROGRAM_H
#define TENTERHOOK_CHECKS_PROGRAM_PROGRAM_H

#include "facts/tu_summary.h"
#include "program/limits.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <string>
#include <vector>

namespace tenterhook::analysis {

using FunctionId = std::uint32_t; // index into Program::functions
using facts::none;

class Program {
public:
  std::vector<std::string> strings;
  std::vector<facts::Entity> entities;
  std::vector<facts::Type> types;
  std::vector<facts::Function> functions;
  std::vector<std::string> targets;             // by FunctionId: the build target its TU belongs to; may be empty
  std::vector<facts::Suppression> suppressions; // sorted, unique
  std::vector<facts::Capability> capabilities;  // sorted, unique
  bool whole = true;

  // What is beyond a limit of an analysis is told here, by the function that it was about.
  const Limits &limits() const { return limits_; }

  const std::string &str(facts::StringId s) const { return strings[s]; }
  const facts::Entity &entity_of(FunctionId f) const { return entities[functions[f].entity]; }
  const std::string &display(FunctionId f) const { return str(entity_of(f).display); }
  const std::string &qualified(facts::EntityId e) const { return str(entities[e].qualified); }

  // Every body of an entity: one, unless programs of one database define the same name differently.
  llvm::ArrayRef<FunctionId> bodies(facts::EntityId e) const;
  // The body that a call from `caller` means: one of the same file, else of the same build target, else the only one; of
  // a TU with errors only where there is no other.
  // `none` without a body; `none` and *ambiguous where several remain.
  FunctionId body_for(FunctionId caller, facts::EntityId callee, bool *ambiguous = nullptr) const;
  // Bodies of all functions that override `method`, transitively.
  llvm::ArrayRef<FunctionId> overriders(facts::EntityId method) const;
  // Whether there is a way to this operation: not in `if constexpr (false)`, nor behind a return, nor in a handler of what
  // throws nothing.
  bool reachable(FunctionId f, facts::OpId op) const { return dead_[f].empty() || !dead_[f][op]; }
  // Whether an exception may leave the operation.
  bool may_throw(FunctionId f, facts::OpId op) const;
  // Whether the edge from block `from` to its successor `to` is taken by itself: handlers are entered by `Block::unwind`,
  // from operations that may throw, and by `throw`.
  bool enters(FunctionId f, facts::BlockId from, facts::BlockId to) const;
  // The type behind references.
  facts::TypeId strip_references(facts::TypeId t) const;
  // The record behind references, pointers and smart pointers' deref is not applied; `none` if it is no record.
  facts::TypeId record_behind(facts::TypeId t) const;
  // `t` and all its bases, nearest first.
  llvm::SmallVector<facts::TypeId, 4> with_bases(facts::TypeId t) const;

private:
  friend class Linker;
  friend Program link(std::vector<facts::TUSummary> units, bool whole);
  friend class Throws;
  Limits limits_;
  std::vector<bool> partial_;           // by FunctionId: of a TU with errors
  std::vector<bool> throws_;            // by FunctionId: an exception may leave it
  std::vector<std::vector<bool>> dead_; // by FunctionId; empty: all of it is reachable
  llvm::DenseMap<facts::EntityId, llvm::SmallVector<FunctionId, 1>> bodies_;
  llvm::DenseMap<facts::EntityId, llvm::SmallVector<FunctionId, 2>> overriders_;
};

// Links any number of TUs. `whole`: there are no others.
Program link(std::vector<facts::TUSummary> units, bool whole = true);

} // namespace tenterhook::analysis

#endif
