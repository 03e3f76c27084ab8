// Lengauer and Tarjan's algorithm, and what a body's blocks say with it.
#include "program/dominators.h"
#include <utility>

namespace tenterhook::analysis {

using namespace facts;

Dominators::Dominators(std::uint32_t entry, const std::vector<std::vector<std::uint32_t>> &successors) {
  const std::size_t count = successors.size();
  parent_.assign(count, none);
  first_.assign(count, 0);
  last_.assign(count, 0);
  if (entry >= count)
    return;
  // All of the following by number of the depth-first walk, whose tree is `up`.
  std::vector<std::uint32_t> number(count, none), node, up;
  std::vector<std::vector<std::uint32_t>> before;
  std::vector<std::pair<std::uint32_t, std::size_t>> walk{{entry, 0}};
  number[entry] = 0;
  node.push_back(entry);
  up.push_back(0);
  before.emplace_back();
  while (!walk.empty()) {
    auto &[at, next] = walk.back();
    if (next == successors[at].size()) {
      walk.pop_back();
      continue;
    }
    std::uint32_t to = successors[at][next++], from = number[at];
    if (to == none)
      continue;
    if (number[to] == none) {
      number[to] = static_cast<std::uint32_t>(node.size());
      node.push_back(to);
      up.push_back(from);
      before.emplace_back();
      walk.push_back({to, 0});
    }
    before[number[to]].push_back(from);
  }
  const auto reached = static_cast<std::uint32_t>(node.size());
  std::vector<std::uint32_t> semi(reached), label(reached), ancestor(reached, none), dominator(reached, 0);
  std::vector<std::vector<std::uint32_t>> bucket(reached);
  for (std::uint32_t v = 0; v < reached; ++v)
    semi[v] = label[v] = v;
  std::vector<std::uint32_t> path;
  auto evaluate = [&](std::uint32_t v) { // the smallest semidominator on the way up, paths compressed
    if (ancestor[v] == none)
      return v;
    path.clear();
    for (std::uint32_t u = v; ancestor[ancestor[u]] != none; u = ancestor[u])
      path.push_back(u);
    for (auto it = path.rbegin(); it != path.rend(); ++it) {
      std::uint32_t a = ancestor[*it];
      if (semi[label[a]] < semi[label[*it]])
        label[*it] = label[a];
      ancestor[*it] = ancestor[a];
    }
    return label[v];
  };
  for (std::uint32_t w = reached; w-- > 1;) {
    for (std::uint32_t v : before[w])
      semi[w] = std::min(semi[w], semi[evaluate(v)]);
    bucket[semi[w]].push_back(w);
    ancestor[w] = up[w];
    for (std::uint32_t v : bucket[up[w]]) {
      std::uint32_t u = evaluate(v);
      dominator[v] = semi[u] < semi[v] ? u : up[w];
    }
    bucket[up[w]].clear();
  }
  std::vector<std::vector<std::uint32_t>> below(reached);
  for (std::uint32_t w = 1; w < reached; ++w) {
    if (dominator[w] != semi[w])
      dominator[w] = dominator[dominator[w]];
    parent_[node[w]] = node[dominator[w]];
    below[dominator[w]].push_back(w);
  }
  std::uint32_t clock = 0;
  walk.assign(1, {0, 0});
  first_[entry] = ++clock;
  while (!walk.empty()) {
    auto &[at, next] = walk.back();
    if (next == below[at].size()) {
      last_[node[at]] = clock;
      walk.pop_back();
      continue;
    }
    std::uint32_t to = below[at][next++];
    first_[node[to]] = ++clock;
    walk.push_back({to, 0});
  }
}

static std::vector<std::vector<BlockId>> successors(const Function &function) {
  std::vector<std::vector<BlockId>> out(function.blocks.size());
  for (BlockId b = 0; b < function.blocks.size(); ++b)
    out[b] = function.blocks[b].succs;
  return out;
}

Guards::Guards(const Function &function) : dominators_(0, successors(function)) {
  block_.assign(function.ops.size(), none);
  entered_.resize(function.blocks.size());
  outer_.assign(function.blocks.size(), none);
  for (BlockId b = 0; b < function.blocks.size(); ++b)
    for (OpId op = function.blocks[b].first; op < function.blocks[b].first + function.blocks[b].count; ++op)
      block_[op] = b;
  // The edge into a block is the only way in if every other one comes from behind the block.
  std::vector<std::uint32_t> ways(function.blocks.size(), 0);
  for (BlockId b = 0; b < function.blocks.size(); ++b)
    for (unsigned s = 0; s < function.blocks[b].succs.size(); ++s) {
      BlockId to = function.blocks[b].succs[s];
      if (to == none || !dominators_.reached(b) || dominators_.dominates(to, b))
        continue;
      entered_[to] = {b, s};
      ++ways[to];
    }
  for (BlockId b = 0; b < function.blocks.size(); ++b)
    if (ways[b] != 1 || function.blocks[entered_[b].from].succs.size() < 2)
      entered_[b] = {};
  std::vector<BlockId> path;
  std::vector<bool> known(function.blocks.size(), false);
  for (BlockId b = 0; b < function.blocks.size(); ++b) {
    path.clear();
    BlockId at = b;
    for (; at != none && !known[at]; at = dominators_.parent(at))
      path.push_back(at);
    BlockId outer = at == none ? none : outer_[at];
    for (auto it = path.rbegin(); it != path.rend(); ++it) {
      if (entered_[*it].from != none)
        outer = *it;
      outer_[*it] = outer;
      known[*it] = true;
    }
  }
}

std::vector<Guards::Edge> Guards::into(BlockId b) const {
  std::vector<Edge> out;
  if (b == none || !dominators_.reached(b))
    return out;
  for (b = outer_[b]; b != none;) {
    out.push_back(entered_[b]);
    BlockId up = dominators_.parent(b);
    b = up == none ? none : outer_[up];
  }
  return out;
}

bool Guards::before(OpId earlier, OpId op) const {
  BlockId a = block(earlier), b = block(op);
  if (a == none || b == none)
    return false;
  return a == b ? earlier < op : dominators_.dominates(a, b);
}

} // namespace tenterhook::analysis
