// Held locks at every operation.
#include "locks/held.h"
#include "program/dataflow.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

// What is held in all cases; shared, if in one of them.
static Holding in_all(const LockState &state) {
  Holding holding;
  std::vector<HeldLock> &out = holding.locks;
  bool first = true;
  for (const LockCase &c : state.cases) {
    std::vector<HeldLock> here;
    for (const GuardState &guard : c.guards)
      if (guard.held && !guard.doubted)
        for (const AccessPath &lock : guard.locks)
          here.push_back({lock, guard.shared});
    for (const AccessPath &lock : c.released) // a caller's that has been taken again is as it was
      if (std::none_of(here.begin(), here.end(), [&](const HeldLock &h) { return h.path == lock && !h.shared; }))
        holding.released.push_back(lock);
    if (first)
      out = std::move(here);
    else
      std::erase_if(out, [&](HeldLock &lock) {
        bool found = false, exclusive = false;
        for (const HeldLock &other : here)
          if (other.path == lock.path) {
            found = true;
            exclusive |= !other.shared;
          }
        lock.shared |= found && !exclusive;
        return !found;
      });
    first = false;
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end(), [](const HeldLock &a, const HeldLock &b) { return a.path == b.path; }),
            out.end());
  std::sort(holding.released.begin(), holding.released.end());
  holding.released.erase(std::unique(holding.released.begin(), holding.released.end()), holding.released.end());
  return holding;
}

const Holding &HeldLocks::at(FunctionId f, OpId op) {
  auto [it, added] = known_.try_emplace(f);
  if (added && locks_.concerns(f)) {
    const Function &function = locks_.world().program.functions[f];
    it->second.resize(function.ops.size());
    LockTransfer transfer(locks_.world(), f);
    const Solution<LockTransfer> solution = solve(function, transfer);
    for (BlockId b = 0; b < function.blocks.size(); ++b) {
      if (!solution.at_entry[b])
        continue;
      LockState state = *solution.at_entry[b];
      for (OpId i = function.blocks[b].first; i < function.blocks[b].first + function.blocks[b].count; ++i) {
        it->second[i] = in_all(state);
        transfer.transfer(i, state);
      }
    }
  }
  return it->second.empty() ? nothing_ : it->second[op];
}

} // namespace tenterhook::analysis
