// The walk from all blocking sites back to the roots that run on an event loop: a coroutine, an awaiter's method, a
// callback posted to a loop.
//
// A node is a function with the conditions that its callers must still meet (conditions.h) and the executable that a
// stored callable on the way belongs to; most functions are one node, and each is expanded once. Calls made after a
// coroutine moved to a pool are no ways in, nor is what functions declared non-blocking call.
#ifndef TENTERHOOK_CHECKS_REACH_REACH_GRAPH_H
#define TENTERHOOK_CHECKS_REACH_REACH_GRAPH_H

#include "blocking/blocking.h"

namespace tenterhook::analysis {

enum class RootKindOnLoop : std::uint8_t { coroutine, awaiter, callback };

class ReachGraph {
public:
  explicit ReachGraph(const Blocking &blocking);

  struct Node {
    FunctionId f = none;
    std::uint32_t conditions = 0, executable = 0; // indices, 0 for none
    std::uint32_t first = 0, last = 0;            // its ways in: [first, last) of `ins`
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
  void expand(std::uint32_t node);

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
  std::map<std::tuple<FunctionId, std::uint32_t, std::uint32_t>, std::uint32_t> node_ids_;
  std::map<FunctionId, std::uint32_t> conditional_; // how many nodes with conditions a function has
  struct Way {                                      // into what a call that is resolved at run time may run
    bool is = false;
    In in;
  };
  std::map<std::pair<std::pair<FunctionId, facts::OpId>, std::pair<std::uint32_t, std::uint32_t>>, Way>
      ways_; // by caller, operation, and what the node hangs on
  std::vector<Node> nodes_;
  std::vector<In> ins_;
  std::vector<Start> starts_;
};

} // namespace tenterhook::analysis

#endif
