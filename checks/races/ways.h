// Which steps lead from where memory is made, or from where the program begins, down to an access: calls, and creations of
// threads.
//
// Found upwards: from an access through callers and creators, with the name of the memory translated at each step, until the
// function that makes it. All that is known by one name in one function shares its ways: a node is a function and the name of
// an object there. Members that are no pointers are parts of their object: they go where it goes. Globals need no name: their
// nodes are functions alone, up to main.
//
// Linear in nodes and callers. Recursion makes a cycle of nodes. Deterministic: numbered in the order of discovery.
#ifndef TENTERHOOK_CHECKS_RACES_WAYS_H
#define TENTERHOOK_CHECKS_RACES_WAYS_H

#include "calls/dispatch.h"
#include "contexts/executors.h"
#include "races/accesses.h"
#include <deque>

namespace tenterhook::analysis {

using NodeId = std::uint32_t;
// Way::serial of what a loop runs that nobody has counted: two of them are not told apart, and main may be one.
constexpr OriginId one_loop = facts::none - 1;

struct Way { // `in` runs the function of `to` by `op`, or creates the thread that does
  NodeId to = 0;
  FunctionId in = none;
  facts::OpId op = none;
  facts::OpId fresh = none;      // the operation on a cycle that makes the object anew each time
  OriginId origin = facts::none; // none: a call
  OriginId serial = facts::none; // of a creation: runs one after the other with all that has the same
  bool crosses = false;          // to another thread
  bool first = false;            // the object is made in `in`: of what was before nobody knows it
  bool making = false;           // the call constructs the object: nobody else knows it before the constructor tells
  bool once = false;             // std::call_once
  bool again = false;            // made several times for one object
  bool presumed = false;         // by a signature alone, or by code that is not seen
  bool exact = true;             // sure to run what it is said to
};

struct WayNode {
  enum class Root : std::uint8_t { none, made, main, unseen };
  FunctionId f = none;
  AccessPath base; // the object in names of `f`; no root: a global, or nothing
  bool content = false;
  ElementKey key; // where its value is a parameter or a capture, or has been one
  FunctionId key_of = none;
  Root root = Root::none;
  std::vector<Way> down;
  bool shared = false; // a thread is created on some way down
  // Globals that accesses below touch, write, and touch beyond a creation; by number of the global.
  llvm::SparseBitVector<> touched, written, crossed;
};

class Ways {
public:
  Ways(const Program &program, const Library &library, const CallGraph &calls, Origins &origins, Threads &threads,
       Accesses &accesses, const LockNames &names);

  // Where an access's ways end, and what is behind the node's name.
  NodeId of(FunctionId f, const Access &access);
  AccessPath rest(FunctionId f, const Access &access) const;
  // Whether callers give the access its key: the node follows it.
  bool follows_key(FunctionId f, const Access &access) const;
  void find(); // all ways of what was asked for
  const std::deque<WayNode> &nodes() const { return nodes_; }
  // The creations of threads on ways down from the node.
  llvm::SparseBitVector<> creations(NodeId from) const;
  // By NodeId: whether some way down from it leads to one of these.
  std::vector<bool> leading_to(const std::vector<NodeId> &ids) const;

  // Whether the name is the function's own: no caller has it.
  bool made_here(FunctionId f, const AccessPath &path, bool content) const;
  // The operation on a cycle that makes the object anew each time; none if it is made once.
  facts::OpId made_by(FunctionId f, const AccessPath &path, facts::OpId before) const;

private:
  std::size_t base_length(FunctionId f, const Location &at) const;
  NodeId node(WayNode wanted);
  void find_globals();
  void climb(NodeId id);
  void climb_call(NodeId id, FunctionId caller, const Edge &edge);
  void climb_creation(NodeId id, OriginId origin);
  void add(NodeId below, WayNode above, Way way);
  void translate_key(WayNode &above, const WayNode &below, const facts::Operation &op, bool thread, unsigned shift) const;
  bool is_copied(const WayNode &n, FunctionId creator, const facts::Operation &made, unsigned callable, unsigned shift) const;
  bool is_dispatched(FunctionId f, const Edge &edge, FunctionId to) const;
  bool run_by(FunctionId f, OriginId &serial);
  bool is_run_by_threads(FunctionId f);
  bool is_known_to_callers(const WayNode &node);
  OriginId serial_of(const Origin &origin);

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  Origins &origins_;
  Threads &threads_;
  Accesses &accesses_;
  const LockNames &names_;
  Executors executors_;
  std::map<std::pair<FunctionId, facts::OpId>, facts::Operand> dispatchers_; // what each takes from
  std::map<FunctionId, bool> by_threads_;
  std::deque<WayNode> nodes_;
  std::vector<std::vector<NodeId>> above_; // by NodeId
  std::map<facts::EntityId, unsigned> globals_;
  std::map<std::tuple<FunctionId, AccessPath, bool, ElementKey, FunctionId>, NodeId> known_;
  std::map<FunctionId, unsigned> count_; // of nodes
  std::size_t climbed_ = 0;
};

} // namespace tenterhook::analysis

#endif
