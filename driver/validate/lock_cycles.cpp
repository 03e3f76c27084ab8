// See lock_cycles.h. Whether a cycle counts depends on all of its edges, so it is searched for by depth, shortest
// first, within one strongly connected component; such components have a handful of locks, and the search has a budget.
#include "validate/lock_cycles.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SCCIterator.h"
#include <map>
#include <memory>

namespace tenterhook::validate {

using namespace findings;

namespace {

constexpr std::size_t longest = 8;          // locks; nobody understands more
constexpr std::size_t most_steps = 200'000; // of one component's search

struct Node {                             // a lock, or the root above all of them
  std::vector<Node *> next;               // what was taken while it was held
  std::vector<const Observation *> edges; // the same, edge by edge
};

struct Graph {
  Node root;
  std::map<std::uint64_t, Node> locks; // by address
};

} // namespace

} // namespace tenterhook::validate

template <> struct llvm::GraphTraits<tenterhook::validate::Node *> {
  using NodeRef = tenterhook::validate::Node *;
  using ChildIteratorType = std::vector<NodeRef>::iterator;
  static NodeRef getEntryNode(NodeRef node) { return node; }
  static ChildIteratorType child_begin(NodeRef node) { return node->next.begin(); }
  static ChildIteratorType child_end(NodeRef node) { return node->next.end(); }
};

namespace tenterhook::validate {

namespace {

// Whether two threads can do so at the same time: a lock that one has besides, the other neither has nor holds.
bool go_together(const Observation &a, const Observation &b) {
  bool gated = (a.gate && (a.gate == b.gate || a.gate == b.other_object)) || (b.gate && b.gate == a.other_object);
  bool one_thread = !a.several_threads && !b.several_threads && a.thread == b.thread;
  return !gated && !one_thread;
}

class Search {
public:
  Search(const Graph &graph, const std::vector<Node *> &component) : graph_(graph) {
    for (const auto &[address, node] : graph.locks)
      if (llvm::is_contained(component, &node))
        locks_.push_back(address);
  }

  std::vector<LockCycle> run() {
    std::vector<LockCycle> found;
    for (std::uint64_t lock : locks_)
      for (const Observation *edge : graph_.locks.at(lock).edges)
        if (lock < edge->object)
          if (const Observation *reversed = opposite(*edge))
            found.push_back({edge, reversed});
    for (std::size_t length = 3; found.empty() && length <= std::min(longest, locks_.size()); ++length)
      for (std::uint64_t lock : locks_)
        if (found.empty() && extend(lock, lock, length))
          found.push_back(path_);
    return found;
  }

private:
  const Observation *opposite(const Observation &edge) const {
    for (const Observation *other : graph_.locks.at(edge.object).edges)
      if (other->object == edge.other_object && go_together(edge, *other))
        return other;
    return nullptr;
  }

  // Puts a cycle of `length` into path_, if there is one from `first`, its lowest lock, along what path_ has to `at`.
  bool extend(std::uint64_t first, std::uint64_t at, std::size_t length) {
    for (const Observation *edge : graph_.locks.at(at).edges) {
      if (++steps_ > most_steps)
        return false;
      std::uint64_t next = edge->object;
      bool closes = next == first;
      if (closes != (path_.size() + 1 == length) || next < first || !llvm::is_contained(locks_, next) ||
          !llvm::all_of(
              path_,
              [&](const Observation *other) {
                return go_together(*edge, *other) && (closes || other->object != next);
              }))
        continue;
      path_.push_back(edge);
      if (closes || extend(first, next, length))
        return true;
      path_.pop_back();
    }
    return false;
  }

  const Graph &graph_;
  std::vector<std::uint64_t> locks_;
  LockCycle path_;
  std::size_t steps_ = 0;
};

} // namespace

std::vector<LockCycle> lock_cycles(const Evidence &evidence) {
  Graph graph;
  for (const Observation &seen : evidence.seen) {
    if (seen.kind != Observed::lock_edge || seen.object == seen.other_object)
      continue;
    Node &held = graph.locks[seen.other_object], &taken = graph.locks[seen.object];
    held.edges.push_back(&seen);
    if (!llvm::is_contained(held.next, &taken))
      held.next.push_back(&taken);
  }
  for (auto &[address, node] : graph.locks)
    graph.root.next.push_back(&node);
  std::vector<LockCycle> cycles;
  for (auto component = llvm::scc_begin(&graph.root); !component.isAtEnd(); ++component)
    if (component->size() > 1)
      llvm::append_range(cycles, Search(graph, *component).run());
  return cycles;
}

} // namespace tenterhook::validate
