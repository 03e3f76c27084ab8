// Exit cases of a function, from the state at its end.
#include "lockstate/lock_summary.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

// What a case leaves to the callers of `function`.
static ExitCase leaves(const Program &program, const Function &function, const LockCase &c) {
  ExitCase e;
  e.released = c.released;
  for (const GuardState &g : c.guards) {
    const AccessPath &place = g.guard.valid() ? g.guard : g.locks.front();
    bool parameter = place.root == RootKind::local && place.id < function.parameter_count;
    if (place.root == RootKind::local && !parameter)
      continue; // destroyed, or a lock that dies here
    if (place.root == RootKind::result && place.id != none && g.guard.valid())
      continue; // a temporary guard
    bool untouched = g.held && g.assumed && g.since == none;
    if (g.guard.valid() && untouched && (place.root == RootKind::capture || (!parameter && g.locks == std::vector{g.guard})))
      continue;
    if (parameter && g.guard.valid() && place.steps.empty()) {
      TypeKind kind = program.types[function.locals[place.id].type].kind;
      bool by_reference = kind == TypeKind::lvalue_reference || kind == TypeKind::rvalue_reference || kind == TypeKind::pointer;
      if (!by_reference || untouched)
        continue; // its own copy, gone with the call
      GuardState changed = g;
      changed.assumed = true;
      e.guards.push_back(changed);
      continue;
    }
    if (g.held || place == returned_object())
      e.guards.push_back(g);
  }
  if (auto value = look_up(c.known, is_true(returned_term())))
    e.returns = value;
  e.given.assign(c.given.begin(), c.given.end());
  for (const auto &[truth, holds] : c.known)
    if (truth.test == Test::runs && (truth.of.path.root != RootKind::local || truth.of.path.id < function.parameter_count) &&
        truth.of.path.root != RootKind::result)
      e.choices.push_back({truth, holds});
  return e;
}

LockSummary summarise(const Program &program, const Function &function, const LockState &exit) {
  LockSummary summary;
  for (const LockCase &c : exit.cases)
    summary.exits.push_back(leaves(program, function, c));
  // Exits that do the same keep the choices that they agree on; where there are too many, the value is given up, too.
  auto merge = [&] {
    std::sort(summary.exits.begin(), summary.exits.end());
    std::vector<ExitCase> merged;
    for (ExitCase &e : summary.exits) {
      if (merged.empty() || std::tie(merged.back().guards, merged.back().released, merged.back().returns) !=
                                std::tie(e.guards, e.released, e.returns))
        merged.push_back(std::move(e));
      else {
        std::erase_if(merged.back().choices,
                      [&](const auto &t) { return std::find(e.choices.begin(), e.choices.end(), t) == e.choices.end(); });
        Known given(merged.back().given.begin(), merged.back().given.end());
        agree(given, Known(e.given.begin(), e.given.end()));
        merged.back().given.assign(given.begin(), given.end());
      }
    }
    summary.exits = std::move(merged);
  };
  merge();
  if (std::none_of(summary.exits.begin(), summary.exits.end(),
                   [](const ExitCase &e) { return !e.guards.empty() || !e.released.empty(); }))
    return {};
  if (summary.exits.size() > limit_of(Limit::lock_exits)) {
    for (ExitCase &e : summary.exits)
      e.returns.reset();
    merge();
  }
  if (summary.exits.size() > limit_of(Limit::lock_exits)) {
    summary.exits.resize(limit_of(Limit::lock_exits));
    summary.capped = true;
  }
  return summary;
}

LockWorld::LockWorld(const Program &p, const Library &l, const CallGraph &c, const LockNames &n)
    : program(p), library(l), calls(c), names(n), summaries(p.functions.size()), awaited(p.functions.size()),
      unknown(p.functions.size()), answers(collect_answers(p, c)), has_guard_(p.types.size(), false) {
  auto has = [&](TypeId t) {
    t = t == none ? none : p.strip_references(t);
    return t != none && (has_guard_[t] || l.guard(t) || l.wrapped_guard(t));
  };
  for (bool grew = true; grew;) { // as often as classes are nested
    grew = false;
    for (TypeId t = 0; t < p.types.size(); ++t)
      if (const Type &type = p.types[t]; type.kind == TypeKind::record && !type.system && !has_guard_[t])
        if (std::any_of(type.bases.begin(), type.bases.end(), has) ||
            std::any_of(type.fields.begin(), type.fields.end(), [&](const FieldInfo &field) { return has(field.type); }))
          has_guard_[t] = grew = true;
  }
}

} // namespace tenterhook::analysis
