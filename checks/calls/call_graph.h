// The call graph: which bodies an operation runs before the next operation of its function does (in place), and which
// callables it hands over to run later and where.
//
// Resolved calls: direct; virtual (every overrider in the program); through values (lambdas, function pointers,
// std::function) where every store is seen; callables passed to functions that call them; awaiter methods at an await;
// destructors at scope exit and where reset() and the like end something, members included. A call of a coroutine creates it and
// runs nothing: that is `creations`. Constructors that a library calls for the program (make_unique<T>, emplace_back) are calls
// like others. Who keeps a callable does not call it: whoever takes it from where it is kept does, and has the edge. A callable
// given to a function without body and model is called in place if the function cannot keep it (callables.h). What the program
// hands over to a modelled library runs where the model says, whatever bodies of that library are in the program.
#ifndef TENTERHOOK_CHECKS_CALLS_CALL_GRAPH_H
#define TENTERHOOK_CHECKS_CALLS_CALL_GRAPH_H

#include "calls/endings.h"
#include "values/flow.h"
#include <map>
#include <set>

namespace tenterhook::analysis {

enum class Link : std::uint8_t { direct, virtual_call, value, callback, awaiter, destructor };

struct Edge {
  facts::OpId op = none;
  FunctionId to = none;
  Link link = Link::direct;
  bool sure = true;      // false: one of many possible targets, or a class that the program makes no object of
  bool presumed = false; // the callee's signature alone says that it calls; or objects of the class are made elsewhere
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
  // Whether a call through a value can run `body`: it takes as many arguments as are given (callables.h), or somebody gave it
  // some of them before (std::bind).
  bool fits(const facts::Operation &call, FunctionId body) const;
  const Flow &flow() const { return flow_; }
  const GuardsOf &guards() const { return guards_; }
  const Endings &endings() const { return endings_; }
  // Calls whose callee several programs of the database define differently, by name.
  const std::set<std::string> &ambiguous() const { return ambiguous_; }

private:
  void add_call(FunctionId f, facts::OpId op);
  void add_arguments(FunctionId f, facts::OpId op);
  void add_await(FunctionId f, facts::OpId op);
  void add_destroy(FunctionId f, facts::OpId op, facts::TypeId type, bool by_pointer, bool sure, unsigned depth = 0);
  void add_overriders(FunctionId f, facts::OpId op, facts::EntityId called, FunctionId body, Link link, bool sure);
  void add_edge(FunctionId f, Edge edge);
  void add_edges(FunctionId f, facts::OpId op, llvm::ArrayRef<FunctionId> targets, Link link, bool presumed = false);
  llvm::SmallVector<FunctionId, 2> slots(FunctionId f, const facts::Operation &op, unsigned arg,
                                         const models::CallbackClause &clause);
  bool runs_in_place(FunctionId f, const facts::Operation &op, unsigned arg, bool *presumed = nullptr) const;
  bool is_callers_matter(FunctionId f, const Source &parameter) const;
  void find_invoked_parameters();
  void find_made();
  void find_bound();
  void leave_to_models();
  void build_components();

  const Program &program_;
  const Library &library_;
  Flow flow_;
  GuardsOf guards_;
  Endings endings_;
  std::vector<std::vector<Edge>> edges_;
  std::vector<std::vector<LaterEdge>> later_;
  std::vector<Creation> creations_;
  std::vector<std::vector<std::pair<FunctionId, std::uint32_t>>> callers_;
  std::vector<std::vector<FunctionId>> components_;
  std::set<std::pair<FunctionId, unsigned>> invoked_; // (function, parameter): called in place
  std::vector<bool> in_place_;                        // by FunctionId, lambdas: run by the function that they are written in
  std::vector<bool> made_;        // by TypeId: the program makes objects of the class, or of one derived from it
  llvm::SparseBitVector<> bound_; // bodies that library code is given together with arguments for them
  std::set<std::string> ambiguous_;
  std::map<std::pair<facts::TypeId, std::string>, llvm::SmallVector<FunctionId, 2>> methods_; // filled if a string names one
};

} // namespace tenterhook::analysis

#endif
