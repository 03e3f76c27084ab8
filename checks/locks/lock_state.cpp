// The lock domain's operations: join, merge, look-up.
#include "locks/lock_state.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

GuardState *LockCase::find(const AccessPath &guard) {
  for (GuardState &g : guards)
    if (g.guard.valid() && g.guard == guard)
      return &g;
  return nullptr;
}

void LockCase::insert(GuardState state) {
  if (state.guard.valid())
    erase_if([&](const GuardState &g) { return g.guard == state.guard; });
  auto at = std::lower_bound(guards.begin(), guards.end(), state);
  if (at == guards.end() || *at != state)
    guards.insert(at, std::move(state));
}

void LockCase::erase_if(const std::function<bool(const GuardState &)> &drop) { std::erase_if(guards, drop); }

void LockState::normalise() {
  for (LockCase &c : cases)
    std::sort(c.guards.begin(), c.guards.end());
  std::sort(cases.begin(), cases.end(), [](const LockCase &a, const LockCase &b) {
    return std::tie(a.guards, a.released, a.known) < std::tie(b.guards, b.released, b.known);
  });
  std::vector<LockCase> merged;
  for (LockCase &c : cases) {
    if (merged.empty() || merged.back().guards != c.guards || merged.back().released != c.released) {
      merged.push_back(std::move(c));
      continue;
    }
    std::erase_if(merged.back().known, [&](const auto &t) {
      auto it = c.known.find(t.first);
      return it == c.known.end() || it->second != t.second;
    });
  }
  cases = std::move(merged);
  if (cases.size() > max_cases) {
    cases.resize(max_cases);
    capped = true;
  }
}

bool LockState::join(const LockState &other) {
  std::vector<LockCase> before = cases;
  capped |= other.capped;
  cases.insert(cases.end(), other.cases.begin(), other.cases.end());
  normalise();
  return cases != before;
}

} // namespace tenterhook::analysis
