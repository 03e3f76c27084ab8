// See lock_cycles.h. Whether a cycle counts depends on all of its edges, so it is searched for by depth, shortest
// first, within one strongly connected component; such components have a handful of locks, and the search has a budget.
#include "validate/lock_cycles.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>
#include <utility>

namespace tenterhook::validate {

using namespace findings;

namespace {

constexpr std::size_t longest = 8;          // locks; nobody understands more
constexpr std::size_t most_steps = 200'000; // of one component's search

struct Node { // a lock, or the root above all of them
  std::uint64_t address = 0;
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
    for (const Node *node : component)
      locks_.push_back(node->address);
    llvm::sort(locks_);
  }

  void run(LockCycles &all) {
    std::vector<LockCycle> &found = all.found;
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::vector<const Observation *>> orders; // first and second lock
    for (std::uint64_t lock : locks_)
      for (const Observation *edge : graph_.locks.at(lock).edges)
        orders[{lock, edge->object}].push_back(edge);
    for (std::uint64_t lock : locks_)
      for (const Observation *edge : graph_.locks.at(lock).edges)
        if (auto reversed = orders.find({edge->object, lock}); lock < edge->object && reversed != orders.end())
          if (auto other = llvm::find_if(reversed->second, [&](const Observation *each) { return go_together(*edge, *each); });
              other != reversed->second.end()) {
            found.push_back({edge, *other});
            told_.insert({{lock, edge->object}, {edge->object, lock}});
          }
    for (std::size_t length = 3; length <= std::min(longest, locks_.size()); ++length)
      for (std::uint64_t lock : locks_)
        while (extend(lock, lock, length)) {
          for (const Observation *edge : path_)
            told_.insert({edge->other_object, edge->object});
          found.push_back(std::exchange(path_, {}));
        }
    all.cut |= steps_ > most_steps;
  }

private:
  // Puts a cycle of `length` into path_, if there is one from `first`, its lowest lock, along what path_ has to `at`.
  bool extend(std::uint64_t first, std::uint64_t at, std::size_t length) {
    for (const Observation *edge : graph_.locks.at(at).edges) {
      if (++steps_ > most_steps)
        return false;
      std::uint64_t next = edge->object;
      bool closes = next == first;
      if (told_.count({at, next}) || closes != (path_.size() + 1 == length) || next < first ||
          !llvm::binary_search(locks_, next) ||
          !llvm::all_of(
              path_, [&](const Observation *other) { return go_together(*edge, *other) && (closes || other->object != next); }))
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
  std::set<std::pair<std::uint64_t, std::uint64_t>> told_; // orders that are part of a cycle that was found
  std::size_t steps_ = 0;
};

} // namespace

LockCycles lock_cycles(const Evidence &evidence) {
  Graph graph;
  std::set<std::pair<Node *, Node *>> known;
  for (const Observation &seen : evidence.seen) {
    if (seen.kind != Observed::lock_edge || seen.object == seen.other_object)
      continue;
    Node &held = graph.locks[seen.other_object], &taken = graph.locks[seen.object];
    held.edges.push_back(&seen);
    if (known.insert({&held, &taken}).second)
      held.next.push_back(&taken);
  }
  for (auto &[address, node] : graph.locks) {
    node.address = address;
    graph.root.next.push_back(&node);
  }
  LockCycles cycles;
  for (auto component = llvm::scc_begin(&graph.root); !component.isAtEnd(); ++component)
    if (component->size() > 1)
      Search(graph, *component).run(cycles);
  return cycles;
}

} // namespace tenterhook::validate
