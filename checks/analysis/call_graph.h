// The call graph: which bodies an operation runs before the next operation of its function does (in place), and which
// callables it hands over to run later and where.
//
// Resolved calls: direct; virtual (every overrider in the program); through values (lambdas, function pointers,
// std::function) where every store is seen; callables passed to functions that call them; awaiter methods at an await;
// destructors at scope exit, members included. A call of a coroutine creates it and runs nothing: that is `creations`.
// Constructors that a library calls for the program (make_unique<T>, emplace_back) are calls like others.
// A callable given to a library function without a model counts as called in place, unless the function's name says
// that it keeps it (add_, set_, on_, push_ …) or its class holds callables.
#ifndef TENTERHOOK_CHECKS_ANALYSIS_CALL_GRAPH_H
#define TENTERHOOK_CHECKS_ANALYSIS_CALL_GRAPH_H

#include "analysis/library.h"
#include <map>
#include <set>

namespace tenterhook::analysis {

enum class Link : std::uint8_t { direct, virtual_call, value, callback, awaiter, destructor };

struct Edge {
  facts::OpId op = none;
  FunctionId to = none;
  Link link = Link::direct;
  bool sure = true; // false: one of many possible targets
  auto operator<=>(const Edge &) const = default;
};

struct LaterEdge { // `to` runs after the operation, on `on`
  facts::OpId op = none;
  FunctionId to = none;
  models::Executor on = models::Executor::unknown;
  bool sure = true; // false: one of several possible callables
  auto operator<=>(const LaterEdge &) const = default;
};

struct Creation { // the operation creates (an instance of) coroutine `coroutine`
  FunctionId in = none;
  facts::OpId op = none;
  FunctionId coroutine = none;
  auto operator<=>(const Creation &) const = default;
};

class CallGraph {
public:
  CallGraph(const Program &program, const Library &library);

  const std::vector<Edge> &edges(FunctionId f) const { return edges_[f]; }
  const std::vector<LaterEdge> &later(FunctionId f) const { return later_[f]; }
  const std::vector<Creation> &creations() const { return creations_; }
  // Who runs `f` in place: (caller, index into edges(caller)).
  const std::vector<std::pair<FunctionId, std::uint32_t>> &callers(FunctionId f) const { return callers_[f]; }
  // Strongly connected components of the in-place edges, callees before callers.
  const std::vector<std::vector<FunctionId>> &components() const { return components_; }
  // Bodies that a callable value may be; empty if unknown.
  llvm::SmallVector<FunctionId, 2> callable_targets(FunctionId f, const facts::Operand &operand) const;
  // Calls whose callee several programs of the database define differently, by name.
  const std::set<std::string> &ambiguous() const { return ambiguous_; }

private:
  struct Targets;
  void collect_stores();
  void resolve(FunctionId f, const facts::Operand &operand, Targets &out, unsigned depth, bool stored = false) const;
  llvm::SmallVector<FunctionId, 2> made_by(const facts::Operation &op) const; // constructors that a library calls
  void add_call(FunctionId f, facts::OpId op);
  void add_arguments(FunctionId f, facts::OpId op);
  void add_await(FunctionId f, facts::OpId op);
  void add_destroy(FunctionId f, facts::OpId op, facts::TypeId type, unsigned depth);
  void add_edge(FunctionId f, Edge edge);
  void add_edges(FunctionId f, facts::OpId op, llvm::ArrayRef<FunctionId> targets, Link link);
  bool runs_in_place(FunctionId f, const facts::Operation &op, unsigned arg) const; // is its callable argument `arg`
  bool find_invoked_params();
  void build_components();

  const Program &program_;
  const Library &library_;
  std::vector<std::vector<Edge>> edges_;
  std::vector<std::vector<LaterEdge>> later_;
  std::vector<Creation> creations_;
  std::vector<std::vector<std::pair<FunctionId, std::uint32_t>>> callers_;
  std::vector<std::vector<FunctionId>> components_;
  std::map<facts::EntityId, std::vector<Value>> stores_; // field or global → callables ever stored in it, or its elements
  std::map<std::pair<FunctionId, facts::LocalId>, std::vector<Value>> elements_; // local container → … put into it
  std::map<std::pair<FunctionId, unsigned>, std::vector<Value>> arguments_; // (function, parameter) → callables passed
  std::map<facts::TypeId, std::vector<FunctionId>> constructors_; // by class
  std::set<std::pair<FunctionId, unsigned>> invoked_;    // (function, parameter): called in place
  std::set<std::string> ambiguous_;
};

} // namespace tenterhook::analysis

#endif
