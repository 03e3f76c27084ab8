// The walk from all blocking sites back to the roots that run on an event loop: a coroutine, an awaiter's method, a
// callback posted to a loop.
//
// A node is a function with the conditions that its callers must still meet (conditions.h) and the executable that a
// stored callable on the way belongs to; most functions are one node, and each is expanded once. Calls made after a
// coroutine moved to a pool are no ways in, nor is what functions declared non-blocking call.
//
// Bodies that many calls may run are reached through one node for all of them (a set of targets, call_graph.h): the calls lead
// to that node, and the node to each body. It is no step of a way.
#ifndef TENTERHOOK_CHECKS_REACH_REACH_GRAPH_H
#define TENTERHOOK_CHECKS_REACH_REACH_GRAPH_H

#include "blocking/blocking.h"

namespace tenterhook::analysis {

enum class RootKindOnLoop : std::uint8_t { coroutine, awaiter, callback };

class ReachGraph {
public:
  explicit ReachGraph(const Blocking &blocking);

  struct Node {
    FunctionId f = none;                          // none: a set's
    std::uint32_t conditions = 0, executable = 0; // indices, 0 for none
    SetId set = none;
    std::uint32_t first = 0, last = 0; // its ways in: [first, last) of `ins`
    std::uint32_t sets = 0;            // how many sets' nodes lead to it …
    std::uint32_t first_set = 0;       // … from here in `sets_of`
    bool is_set() const { return set != none; }
  };
  struct In {                             // operation `op` of `caller` runs a node's function in place
    std::uint32_t to = none, from = none; // nodes; `from` is none if the caller is a root
    FunctionId caller = none;
    facts::OpId op = none;
    Link link = Link::direct;
    Certainty certainty = Certainty::certain; // the root's included
    RootKindOnLoop kind = RootKindOnLoop::coroutine;
    bool is_root() const { return from == none; }
  };
  struct Start { // a site in a node, or in a root
    const BlockSite *site = nullptr;
    std::uint32_t node = none;                // none: in a root
    Certainty certainty = Certainty::certain; // the root's included
    RootKindOnLoop kind = RootKindOnLoop::coroutine;
  };
  const std::vector<Node> &nodes() const { return nodes_; }
  const std::vector<In> &ins() const { return ins_; }
  const std::vector<Start> &starts() const { return starts_; }
  // The sets' nodes that lead to a node, and the nodes that a set's leads to.
  llvm::ArrayRef<std::uint32_t> sets_of(std::uint32_t node) const {
    return llvm::ArrayRef<std::uint32_t>(sets_of_).slice(nodes_[node].first_set, nodes_[node].sets);
  }
  const std::vector<std::uint32_t> &members(std::uint32_t node) const { return members_.find(node)->second; }

private:
  void find_executables();
  std::optional<RootKindOnLoop> root(FunctionId f, facts::OpId op, Certainty &certainty);
  std::optional<RootKindOnLoop> other_root(FunctionId f, Certainty &certainty);
  bool own_thread(const Handover &by) const;
  bool keeps_thread(facts::TypeId type, bool one = false) const;
  facts::TypeId class_around(FunctionId f) const;
  bool runs_own_loop(facts::TypeId record);
  bool own_loop(const Handover &by);
  bool ends_in_root(FunctionId f, facts::OpId op, const Conditions &conditions, Certainty &certainty) const;
  std::uint32_t node(FunctionId f, Conditions conditions, std::uint32_t executable, Certainty &certainty);
  std::uint32_t set_node(SetId set, const Node &member);
  void expand(std::uint32_t node);
  void add_in(std::uint32_t node, FunctionId callee, FunctionId caller, const Edge &edge);

  const Blocking &blocking_;
  const Program &program_;
  const CallGraph &calls_;
  std::vector<std::uint32_t> executable_; // by FunctionId: the executable whose target it is part of, 0 if none
  struct Other {                          // what a function that is no coroutine is
    bool known = false;
    std::optional<RootKindOnLoop> kind;
    Certainty most = Certainty::certain;
  };
  std::vector<Other> others_;                        // by FunctionId
  std::optional<std::set<facts::TypeId>> own_loops_; // classes that keep a loop and its thread; filled on demand
  std::map<Conditions, std::uint32_t> condition_ids_;
  std::vector<const Conditions *> conditions_; // by index
  std::vector<std::uint32_t> plain_;           // by FunctionId: its node without conditions and executable
  std::map<std::tuple<FunctionId, std::uint32_t, std::uint32_t>, std::uint32_t> node_ids_; // the other ones
  std::map<std::tuple<SetId, std::uint32_t, std::uint32_t>, std::uint32_t> set_ids_;
  std::map<FunctionId, std::uint32_t> conditional_; // how many nodes with conditions a function has
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> sets_of_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> members_; // by a set's node
  std::vector<In> ins_;
  std::vector<Start> starts_;
};

} // namespace tenterhook::analysis

#endif
