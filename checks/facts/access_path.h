// An access path: how code names a piece of memory, abstracted to five steps.
//
// `state->mutex` is {local state, deref, field mutex}. Smart pointers' operator->, operator* and get() are deref steps
// like the built-in ones; `&x` cancels a deref. `p[i]` and `*(p + i)` are the same index step, without a deref. Two
// paths are equal if they are written the same way from the same root; whether they alias otherwise is for analyses to
// say.
#ifndef TENTERHOOK_CHECKS_FACTS_ACCESS_PATH_H
#define TENTERHOOK_CHECKS_FACTS_ACCESS_PATH_H

#include "facts/entity.h"

namespace tenterhook::facts {

enum class RootKind : std::uint8_t {
  none,
  local,   // id: LocalId (parameters are the first locals)
  global,  // id: EntityId of a variable with static storage, static fields and function statics included
  self,    // the object that `this` points to; inside a lambda: the captured `this`
  capture, // id: index into Function::captures
  result,  // id: OpId of the call or construct whose value this is (a temporary)
  string,  // reserved
};

// container: the object that holds this one as its `field`, `container_of(p, T, field)`; the inverse of a field step.
enum class StepKind : std::uint8_t { field, deref, index, base, container };

// Which element an index step means: not told, `offset`, or the value at Function::keys[path] plus `offset`.
enum class KeyKind : std::uint8_t { unknown, constant, path };

struct PathStep {
  StepKind kind = StepKind::field;
  EntityId field = none;          // field, container
  KeyKind key = KeyKind::unknown; // index
  std::uint32_t path = none;
  std::int64_t offset = 0;
  auto operator<=>(const PathStep &) const = default;
};

struct AccessPath {
  static constexpr std::size_t max_steps = 5; // deref steps do not count
  RootKind root = RootKind::none;
  std::uint32_t id = none;
  std::vector<PathStep> steps;
  bool truncated = false; // steps beyond the fifth were dropped
  bool valid() const { return root != RootKind::none; }
  bool is_local(LocalId l) const { return root == RootKind::local && id == l && steps.empty(); }
  // The same path without deref steps and keys: what identifies a lock, whether reached by pointer or reference.
  AccessPath without_derefs() const {
    AccessPath p{root, id, {}, truncated};
    for (const PathStep &s : steps)
      if (s.kind != StepKind::deref)
        p.steps.push_back({s.kind, s.field});
    return p;
  }
  auto operator<=>(const AccessPath &) const = default;
};

} // namespace tenterhook::facts

#endif
