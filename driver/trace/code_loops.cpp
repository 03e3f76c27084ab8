// See code_loops.h. Dominators by Cooper, Harvey and Kennedy ("A Simple, Fast Dominance Algorithm", 2001).
#include "trace/code_loops.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace tenterhook::runs {
namespace {

constexpr unsigned none = ~0u;

struct Dominators {
  std::vector<unsigned> order;         // reachable nodes, in reverse post-order
  std::vector<unsigned> number, above; // by node: place in `order`, immediate dominator
  std::vector<std::vector<unsigned>> predecessors;

  explicit Dominators(const FlowGraph &successors)
      : number(successors.size(), none), above(successors.size(), none), predecessors(successors.size()) {
    number_nodes(successors);
    for (unsigned node : order)
      for (unsigned next : successors[node])
        predecessors[next].push_back(node);
    above[0] = 0;
    for (bool changed = true; changed;) {
      changed = false;
      for (unsigned node : llvm::drop_begin(order)) {
        unsigned common = none;
        for (unsigned before : predecessors[node])
          if (above[before] != none)
            common = common == none ? before : meet(common, before);
        changed |= above[node] != common;
        above[node] = common;
      }
    }
  }

  void number_nodes(const FlowGraph &successors) {
    std::vector<std::pair<unsigned, unsigned>> open{{0, 0}}; // node, how many of its successors were taken
    std::vector<bool> seen(successors.size());
    seen[0] = true;
    while (!open.empty()) {
      auto &[node, taken] = open.back();
      if (taken == successors[node].size()) {
        order.push_back(node);
        open.pop_back();
      } else if (unsigned next = successors[node][taken++]; !seen[next]) {
        seen[next] = true;
        open.push_back({next, 0});
      }
    }
    std::reverse(order.begin(), order.end());
    for (unsigned i = 0; i < order.size(); ++i)
      number[order[i]] = i;
  }

  unsigned meet(unsigned a, unsigned b) const {
    while (a != b)
      if (number[a] > number[b])
        a = above[a];
      else
        b = above[b];
    return a;
  }
  bool dominates(unsigned a, unsigned b) const {
    while (number[b] > number[a])
      b = above[b];
    return a == b;
  }
};

} // namespace

std::vector<llvm::BitVector> loops_around(const FlowGraph &successors, unsigned node) {
  Dominators dominators(successors);
  std::map<unsigned, llvm::BitVector> bodies; // by header
  for (unsigned from : dominators.order)
    for (unsigned header : successors[from]) {
      if (!dominators.dominates(header, from))
        continue;
      auto [it, fresh] = bodies.try_emplace(header, unsigned(successors.size()));
      llvm::BitVector &body = it->second;
      body.set(header);
      for (std::vector<unsigned> open{from}; !open.empty();) {
        unsigned at = open.back();
        open.pop_back();
        if (body.test(at))
          continue;
        body.set(at);
        llvm::append_range(open, dominators.predecessors[at]);
      }
    }
  std::vector<llvm::BitVector> around;
  for (auto &[header, body] : bodies)
    if (body.test(node))
      around.push_back(std::move(body));
  llvm::sort(around, [](const auto &a, const auto &b) { return a.count() < b.count(); });
  return around;
}

} // namespace tenterhook::runs
