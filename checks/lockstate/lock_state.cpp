// The lock domain's operations: join, merge, look-up.
#include "lockstate/lock_state.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

GuardState *LockCase::find(const AccessPath &guard) {
  if (!guard.valid())
    return nullptr;
  // Sorted by the guard's path first.
  auto at = std::lower_bound(guards.begin(), guards.end(), guard,
                             [](const GuardState &g, const AccessPath &path) { return g.guard < path; });
  return at != guards.end() && at->guard == guard ? &*at : nullptr;
}

bool LockCase::holds(const AccessPath &lock) const {
  return std::any_of(guards.begin(), guards.end(), [&](const GuardState &g) {
    return g.held && std::find(g.locks.begin(), g.locks.end(), lock) != g.locks.end();
  });
}

void LockCase::insert(GuardState state) {
  if (GuardState *old = find(state.guard)) {
    *old = std::move(state);
    return;
  }
  auto at = std::lower_bound(guards.begin(), guards.end(), state);
  if (at == guards.end() || *at != state)
    guards.insert(at, std::move(state));
}

void LockCase::erase_if(const std::function<bool(const GuardState &)> &drop) { std::erase_if(guards, drop); }

void LockState::normalise() {
  for (LockCase &c : cases)
    if (c.guards.size() > most_guards) {
      c.guards.resize(most_guards);
      capped = true;
    }
  if (cases.size() < 2)
    return;
  std::sort(cases.begin(), cases.end(), [](const LockCase &a, const LockCase &b) {
    return std::tie(a.guards, a.released, a.known, a.given) < std::tie(b.guards, b.released, b.known, b.given);
  });
  std::vector<LockCase> merged;
  for (LockCase &c : cases) {
    if (merged.empty() || merged.back().guards != c.guards || merged.back().released != c.released)
      merged.push_back(std::move(c));
    else {
      agree(merged.back().known, c.known);
      agree(merged.back().given, c.given);
    }
  }
  cases = std::move(merged);
  if (cases.size() > limit_of(Limit::lock_cases)) {
    cases.resize(limit_of(Limit::lock_cases));
    capped = true;
  }
}

bool LockState::join(const LockState &other) {
  if (capped && cases.size() >= limit_of(Limit::lock_cases))
    return false; // full: which of the cases it keeps must not change for ever
  bool was_capped = capped;
  if (other.cases == cases) {
    capped |= other.capped;
    return capped != was_capped;
  }
  std::vector<LockCase> before = cases;
  capped |= other.capped;
  cases.insert(cases.end(), other.cases.begin(), other.cases.end());
  normalise();
  return cases != before || capped != was_capped;
}

} // namespace tenterhook::analysis
