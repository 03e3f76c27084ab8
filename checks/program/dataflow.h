// A forward worklist solver over one function's control-flow graph.
//
// `Problem` gives: `State` (a join semilattice with `bool join(const State &)`, true if it grew), `State entry()`,
// `void transfer(OpId, State &)`, and `bool edge(const Block &, unsigned succ, State &)` (refine along an edge; false if
// the edge cannot be taken). One that follows exceptions also gives `bool unwinds(OpId, const Block &, State &)`: whether
// one may leave the operation, and the state in which it reaches the handler. Blocks are visited in index order
// (extraction numbers them in reverse post order), so the result is deterministic. Terminates if the lattice has no infinite
// chains; a cap on visits guards against mistakes and is reported through `capped`.
#ifndef TENTERHOOK_CHECKS_PROGRAM_DATAFLOW_H
#define TENTERHOOK_CHECKS_PROGRAM_DATAFLOW_H

#include "facts/tu_summary.h"
#include <optional>
#include <set>
#include <vector>

namespace tenterhook::analysis {

template <class Problem> struct Solution {
  std::vector<std::optional<typename Problem::State>> at_entry; // by block; absent: unreachable
  bool capped = false;
};

template <class Problem> Solution<Problem> solve(const facts::Function &function, Problem &problem) {
  Solution<Problem> solution;
  solution.at_entry.resize(function.blocks.size());
  if (function.blocks.empty())
    return solution;
  solution.at_entry[0] = problem.entry();
  std::set<std::pair<bool, facts::BlockId>> work{{false, 0}}; // the exit block (index 1) last
  std::size_t visits = 0, cap = 200 * function.blocks.size() + 1000;
  while (!work.empty()) {
    facts::BlockId b = work.begin()->second;
    work.erase(work.begin());
    if (++visits > cap) {
      solution.capped = true;
      break;
    }
    const facts::Block &block = function.blocks[b];
    typename Problem::State state = *solution.at_entry[b];
    auto flow = [&](facts::BlockId next, typename Problem::State &&along) {
      bool grew = true;
      if (solution.at_entry[next])
        grew = solution.at_entry[next]->join(along);
      else
        solution.at_entry[next] = std::move(along);
      if (grew)
        work.insert({next == 1, next});
    };
    for (facts::OpId op = block.first; op < block.first + block.count; ++op) {
      if constexpr (requires { problem.unwinds(op, block, state); })
        if (block.unwind != facts::none) {
          typename Problem::State along = state;
          if (problem.unwinds(op, block, along))
            flow(block.unwind, std::move(along));
        }
      problem.transfer(op, state);
    }
    std::size_t last = block.succs.size();
    while (last > 0 && block.succs[last - 1] == facts::none)
      --last;
    for (unsigned s = 0; s < last; ++s) {
      facts::BlockId next = block.succs[s];
      if (next == facts::none)
        continue;
      typename Problem::State along = s + 1 == last ? std::move(state) : state;
      if (!problem.edge(block, s, along))
        continue;
      flow(next, std::move(along));
    }
  }
  return solution;
}

} // namespace tenterhook::analysis

#endif
