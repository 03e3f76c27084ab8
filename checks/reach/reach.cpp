// Ways, roots and dominators over the graph of reach_graph.h.
#include "reach/reach.h"
#include "program/components.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

static bool at_least(Certainty certainty, std::size_t level) { return static_cast<std::size_t>(certainty) >= level; }

Reaching::Reaching(const Blocking &blocking, llvm::function_ref<bool(FunctionId)> reportable)
    : graph_(blocking), program_(blocking.program()), reportable_(program_.functions.size()), up_(graph_.nodes().size()),
      down_(graph_.nodes().size()) {
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    reportable_[f] = reportable(f);
  find_ways_up();
  find_ways_down();
  collect();
  find_roots();
  find_written();
  find_dominators();
}

// From all roots at once, breadth first, for each level by the calls that are so sure.
void Reaching::find_ways_up() {
  const auto &ins = graph_.ins();
  std::vector<std::vector<std::uint32_t>> outs(graph_.nodes().size());
  for (std::uint32_t i = 0; i < ins.size(); ++i)
    if (!ins[i].is_root())
      outs[ins[i].from].push_back(i);
  for (std::size_t level = 0; level < levels; ++level) {
    std::vector<std::uint32_t> layer, next, sets;
    std::uint32_t length = 1;
    auto arrive_at = [&](std::uint32_t to, std::uint32_t i, FunctionId root) {
      Up &up = up_[to][level];
      if (up.length == 0)
        (graph_.nodes()[to].is_set() ? sets : next).push_back(to);
      auto order = [&](FunctionId from, std::uint32_t in) { return std::tuple(from, ins[in].caller, ins[in].op); };
      if (up.length == 0 || (up.length == length && order(root, i) < order(up.root, up.in)))
        up = {length, i, root};
    };
    auto arrive = [&](std::uint32_t i, FunctionId root) { arrive_at(ins[i].to, i, root); };
    auto enter_sets = [&] { // what leads to a set leads to its bodies
      for (std::uint32_t set : sets)
        for (std::uint32_t to : graph_.members(set))
          arrive_at(to, up_[set][level].in, up_[set][level].root);
      sets.clear();
    };
    for (std::uint32_t i = 0; i < ins.size(); ++i)
      if (ins[i].is_root() && reportable_[ins[i].caller] && at_least(ins[i].certainty, level))
        arrive(i, ins[i].caller);
    enter_sets();
    while (!next.empty()) {
      layer.swap(next);
      next.clear();
      ++length;
      for (std::uint32_t n : layer)
        for (std::uint32_t i : outs[n])
          if (at_least(ins[i].certainty, level))
            arrive(i, up_[n][level].root);
      enter_sets();
    }
  }
}

// The same from the sites, as far as the code may not be reported.
void Reaching::find_ways_down() {
  const auto &nodes = graph_.nodes();
  const auto &ins = graph_.ins();
  for (std::size_t level = 0; level < levels; ++level) {
    std::vector<std::uint32_t> layer, next, sets;
    std::uint32_t length = 1;
    auto arrive = [&](std::uint32_t n, const Down &way) {
      Down &down = down_[n][level];
      if (down.length == 0)
        (nodes[n].is_set() ? sets : next).push_back(n);
      auto order = [&](const Down &d) { return std::tuple(d.site->in, d.site->op, d.in == none ? 0 : ins[d.in].op); };
      if (down.length == 0 || (down.length == length && order(way) < order(down)))
        down = way;
    };
    for (const ReachGraph::Start &start : graph_.starts())
      if (start.node != none && !reportable_[start.site->in] && at_least(start.certainty, level))
        arrive(start.node, {length, none, start.site, none});
    while (!next.empty()) {
      layer.swap(next);
      next.clear();
      ++length;
      auto go_up = [&](std::uint32_t n) {
        for (std::uint32_t i = nodes[n].first; i < nodes[n].last; ++i)
          if (!ins[i].is_root() && !reportable_[ins[i].caller] && at_least(ins[i].certainty, level))
            arrive(ins[i].from, {length, i, down_[n][level].site, none});
      };
      for (std::uint32_t n : layer) {
        go_up(n);
        if (!reportable_[nodes[n].f])
          for (std::uint32_t set : graph_.sets_of(n))
            arrive(set, {length, none, down_[n][level].site, n});
      }
      for (std::uint32_t set : sets)
        go_up(set);
      sets.clear();
    }
  }
}

// The best of the ways that go up from an operation and down from it.
bool Reaching::settle(Reached &out, llvm::function_ref<Down(std::size_t)> down, Certainty in_root) const {
  for (std::size_t level = levels; level-- > 0;) {
    Down way = down(level);
    if (way.length == 0)
      continue;
    Up up;
    if (out.node != none)
      up = up_[out.node][level];
    else if (reportable_[out.at.in] && at_least(in_root, level))
      up.root = out.at.in;
    if (up.root == none)
      continue;
    out.site = way.site;
    out.root = up.root;
    out.certainty = static_cast<Certainty>(level);
    out.length = up.length + way.length;
    return true;
  }
  return false;
}

void Reaching::collect() {
  for (const ReachGraph::Start &start : graph_.starts()) {
    if (!reportable_[start.site->in])
      continue;
    Reached out;
    out.at = {start.site->in, start.site->op, Link::direct};
    out.node = start.node;
    out.kind = start.kind;
    auto here = [&](std::size_t level) { return at_least(start.certainty, level) ? Down{1, none, start.site, none} : Down(); };
    if (settle(out, here, start.certainty))
      reached_.push_back(out);
  }
  const auto &ins = graph_.ins();
  for (std::uint32_t i = 0; i < ins.size(); ++i) {
    const ReachGraph::In &in = ins[i];
    auto reach = [&](std::uint32_t to) {
      if (reportable_[graph_.nodes()[to].f])
        return;
      Reached out;
      out.at = {in.caller, in.op, in.link};
      out.node = in.from;
      out.kind = in.kind;
      out.in = i;
      out.to = to;
      auto below = [&](std::size_t level) {
        Down down = at_least(in.certainty, level) ? down_[to][level] : Down();
        down.length += down.length != 0 ? 1 : 0;
        return down;
      };
      if (settle(out, below, in.certainty))
        reached_.push_back(out);
    };
    if (!reportable_[in.caller])
      continue;
    if (!graph_.nodes()[in.to].is_set())
      reach(in.to);
    else
      for (std::uint32_t to : graph_.members(in.to))
        reach(to);
  }
  std::sort(reached_.begin(), reached_.end(), [](const Reached &a, const Reached &b) {
    return std::tuple(a.at.in, a.at.op, a.node, a.in, a.site) < std::tuple(b.at.in, b.at.op, b.node, b.in, b.site);
  });
}

Reach Reaching::way(const Reached &reached) const {
  const auto &ins = graph_.ins();
  auto level = static_cast<std::size_t>(reached.certainty);
  Reach reach{reached.root, reached.kind, {}, reached.certainty};
  for (std::uint32_t n = reached.node; n != none;) {
    const ReachGraph::In &in = ins[up_[n][level].in];
    reach.chain.push_back({in.caller, in.op, in.link});
    reach.kind = in.kind;
    n = in.from;
  }
  std::reverse(reach.chain.begin(), reach.chain.end());
  reach.chain.push_back(reached.at);
  if (reached.in == none)
    return reach;
  for (std::uint32_t n = reached.to; down_[n][level].in != none || down_[n][level].member != none;) {
    if (down_[n][level].member != none) {
      n = down_[n][level].member;
      continue;
    }
    const ReachGraph::In &in = ins[down_[n][level].in];
    reach.chain.push_back({in.caller, in.op, in.link});
    n = in.to;
  }
  reach.chain.push_back({reached.site->in, reached.site->op, Link::direct});
  return reach;
}

// Callers before callees, a component at a time.
void Reaching::find_roots() {
  const auto &nodes = graph_.nodes();
  const auto &ins = graph_.ins();
  auto counts = [&](FunctionId root) { return static_cast<bool>(reportable_[root]); };
  for (const ReachGraph::In &in : ins)
    if (in.is_root() && counts(in.caller))
      roots_.push_back(in.caller);
  for (const Reached &r : reached_)
    if (r.node == none)
      roots_.push_back(r.at.in);
  std::sort(roots_.begin(), roots_.end());
  roots_.erase(std::unique(roots_.begin(), roots_.end()), roots_.end());

  std::vector<std::vector<std::uint32_t>> callers(nodes.size());
  for (std::uint32_t n = 0; n < nodes.size(); ++n)
    for (std::uint32_t i = nodes[n].first; i < nodes[n].last; ++i)
      if (!ins[i].is_root())
        callers[n].push_back(ins[i].from);
  for (std::uint32_t n = 0; n < nodes.size(); ++n)
    if (!nodes[n].is_set())
      callers[n].insert(callers[n].end(), graph_.sets_of(n).begin(), graph_.sets_of(n).end());
  root_set_.assign(nodes.size(), 0);
  root_sets_.emplace_back(roots_.size());
  for (const std::vector<std::uint32_t> &component : components(callers)) {
    std::vector<std::uint32_t> own, inherited; // roots, sets
    for (std::uint32_t n : component) {
      for (std::uint32_t set : nodes[n].is_set() ? llvm::ArrayRef<std::uint32_t>() : graph_.sets_of(n))
        inherited.push_back(root_set_[set]);
      for (std::uint32_t i = nodes[n].first; i < nodes[n].last; ++i)
        if (!ins[i].is_root())
          inherited.push_back(root_set_[ins[i].from]); // 0 within the component
        else if (counts(ins[i].caller))
          own.push_back(ins[i].caller);
    }
    std::sort(inherited.begin(), inherited.end());
    inherited.erase(std::unique(inherited.begin(), inherited.end()), inherited.end());
    if (!inherited.empty() && inherited.front() == 0)
      inherited.erase(inherited.begin());
    std::uint32_t set = inherited.empty() ? 0 : inherited.front();
    if (!own.empty() || inherited.size() > 1) {
      llvm::BitVector roots(root_sets_[0]);
      for (std::uint32_t s : inherited)
        roots |= root_sets_[s];
      for (FunctionId root : own)
        roots.set(static_cast<unsigned>(std::lower_bound(roots_.begin(), roots_.end(), root) - roots_.begin()));
      auto same = std::find_if(inherited.begin(), inherited.end(), [&](std::uint32_t s) { return root_sets_[s] == roots; });
      set = same != inherited.end() ? *same : static_cast<std::uint32_t>(root_sets_.size());
      if (same == inherited.end())
        root_sets_.push_back(std::move(roots));
    }
    for (std::uint32_t n : component)
      root_set_[n] = set;
  }
}

void Reaching::add_roots(const Reached &reached, llvm::BitVector &out) const {
  out.resize(static_cast<unsigned>(roots_.size()));
  if (reached.node != none)
    out |= root_sets_[root_set_[reached.node]];
  else
    out.set(static_cast<unsigned>(std::lower_bound(roots_.begin(), roots_.end(), reached.root) - roots_.begin()));
}

void Reaching::find_written() {
  written_.assign(program_.functions.size(), 1);
  auto place = [&](FunctionId f) { // they are sorted by it
    const Place &extent = program_.functions[f].extent;
    return std::tie(extent.file, extent.line, extent.column);
  };
  for (FunctionId f = 1; f < program_.functions.size(); ++f)
    written_[f] = written_[f - 1] + (place(f) == place(f - 1) ? 0 : 1);
}

void Reaching::find_dominators() {
  most_written_ = written_.empty() ? 0 : written_.back();
  const auto &nodes = graph_.nodes();
  std::vector<std::vector<std::uint32_t>> calls(most_written_ + 1 + nodes.size()); // sets' nodes come last
  for (const ReachGraph::In &in : graph_.ins())
    if (std::uint32_t to = nodes[in.to].is_set() ? most_written_ + 1 + in.to : written_[nodes[in.to].f]; !in.is_root())
      calls[written_[in.caller]].push_back(to);
    else if (reportable_[in.caller])
      calls[0].push_back(to);
  for (std::uint32_t n = 0; n < nodes.size(); ++n)
    if (nodes[n].is_set())
      for (std::uint32_t member : graph_.members(n))
        calls[most_written_ + 1 + n].push_back(written_[nodes[member].f]);
  dominators_ = std::make_unique<Dominators>(0, calls);
}

std::uint32_t Reaching::through(std::uint32_t written) const {
  std::uint32_t parent = dominators_->parent(written);
  while (parent != none && parent > most_written_)
    parent = dominators_->parent(parent);
  return parent == 0 ? none : parent;
}

} // namespace tenterhook::analysis
