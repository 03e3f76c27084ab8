// Dominators: which nodes every way from an entry to a node goes through, of any graph and of one body's blocks.
//
// Lengauer and Tarjan, "A fast algorithm for finding dominators in a flowgraph" (TOPLAS 1979), the simple form: O(m log n).
#ifndef TENTERHOOK_CHECKS_PROGRAM_DOMINATORS_H
#define TENTERHOOK_CHECKS_PROGRAM_DOMINATORS_H

#include "program/program.h"
#include <algorithm>
#include <memory>
#include <vector>

namespace tenterhook::analysis {

class Dominators {
public:
  // `successors` by node. Edges to `facts::none` are none.
  Dominators(std::uint32_t entry, const std::vector<std::vector<std::uint32_t>> &successors);

  bool reached(std::uint32_t node) const { return first_[node] != 0; }
  // The nearest of the node's dominators but itself; `none` for the entry and for what is not reached.
  std::uint32_t parent(std::uint32_t node) const { return parent_[node]; }
  // Whether every way to `node` goes through `by`; both are reached. A node dominates itself.
  bool dominates(std::uint32_t by, std::uint32_t node) const {
    return reached(by) && reached(node) && first_[by] <= first_[node] && last_[node] <= last_[by];
  }

private:
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> first_, last_; // of the walk through the dominator tree: a subtree is an interval
};

// What must have happened in a body before an operation runs.
class Guards {
public:
  explicit Guards(const facts::Function &function);

  struct Edge { // block `from` went on to its successor `succ`
    facts::BlockId from = facts::none;
    unsigned succ = 0;
    auto operator<=>(const Edge &) const = default;
  };
  // The edges out of blocks with a choice that every way to `op` takes, innermost first.
  std::vector<Edge> at(facts::OpId op) const { return into(block(op)); }
  std::vector<Edge> into(facts::BlockId block) const;
  // Whether `earlier` has run on every way to `op`.
  bool before(facts::OpId earlier, facts::OpId op) const;
  facts::BlockId block(facts::OpId op) const { return op < block_.size() ? block_[op] : facts::none; }
  const Dominators &dominators() const { return dominators_; }

private:
  Dominators dominators_;
  std::vector<facts::BlockId> block_; // by operation
  std::vector<Edge> entered_;         // by block: the one choice that leads into it; `from` none if there are several ways
  std::vector<facts::BlockId> outer_; // by block: itself or the nearest dominator with an entry in `entered_`
};

// The guards of every body that is asked for, computed once. One thread at a time.
class GuardsOf {
public:
  explicit GuardsOf(const Program &program) : program_(program), known_(program.functions.size()) {}
  const Guards &operator()(FunctionId f) const {
    if (!known_[f])
      known_[f] = std::make_unique<Guards>(program_.functions[f]);
    return *known_[f];
  }
  // Guards::at. Most bodies choose nothing.
  std::vector<Guards::Edge> at(FunctionId f, facts::OpId op) const {
    if (!known_[f]) {
      const auto &blocks = program_.functions[f].blocks;
      if (std::none_of(blocks.begin(), blocks.end(), [](const facts::Block &b) { return b.succs.size() > 1; }))
        return {};
    }
    return (*this)(f).at(op);
  }

private:
  const Program &program_;
  mutable std::vector<std::unique_ptr<Guards>> known_;
};

} // namespace tenterhook::analysis

#endif
