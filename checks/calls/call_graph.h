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
//
// Many bodies that override one method are one *set* of targets, kept once for all calls that may run any of them: a thousand
// calls of a method with a thousand overriders cost their sum. Who asks for edges or callers sees each body; an analysis that
// looks at all of the program asks for sets.
#ifndef TENTERHOOK_CHECKS_CALLS_CALL_GRAPH_H
#define TENTERHOOK_CHECKS_CALLS_CALL_GRAPH_H

#include "calls/endings.h"
#include "values/flow.h"
#include <algorithm>
#include <map>
#include <optional>
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

// What a graph gives by number, one by one. Copies are cheap, and outlive the list.
template <class Value, auto At> class Listing {
public:
  using Graph = class CallGraph;
  class iterator {
  public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using reference = Value;
    struct pointer {
      Value value;
      const Value *operator->() const { return &value; }
    };
    iterator() = default;
    iterator(const Graph *graph, FunctionId f, std::size_t at) : graph_(graph), f_(f), at_(at) {}
    Value operator*() const { return (graph_->*At)(f_, at_); }
    pointer operator->() const { return {**this}; }
    Value operator[](difference_type n) const { return *(*this + n); }
    iterator &operator+=(difference_type n) {
      at_ += static_cast<std::size_t>(n);
      return *this;
    }
    iterator &operator-=(difference_type n) { return *this += -n; }
    iterator &operator++() { return *this += 1; }
    iterator &operator--() { return *this += -1; }
    iterator operator++(int) {
      iterator before = *this;
      ++*this;
      return before;
    }
    friend iterator operator+(iterator i, difference_type n) { return i += n; }
    friend iterator operator-(iterator i, difference_type n) { return i -= n; }
    friend difference_type operator-(const iterator &a, const iterator &b) {
      return static_cast<difference_type>(a.at_) - static_cast<difference_type>(b.at_);
    }
    friend bool operator==(const iterator &a, const iterator &b) { return a.at_ == b.at_; }
    friend auto operator<=>(const iterator &a, const iterator &b) { return a.at_ <=> b.at_; }

  private:
    const Graph *graph_ = nullptr;
    FunctionId f_ = none;
    std::size_t at_ = 0;
  };

  Listing(const Graph *graph, FunctionId f, std::size_t size) : graph_(graph), f_(f), size_(size) {}
  iterator begin() const { return {graph_, f_, 0}; }
  iterator end() const { return {graph_, f_, size_}; }
  Value operator[](std::size_t i) const { return (graph_->*At)(f_, i); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

private:
  const Graph *graph_;
  FunctionId f_;
  std::size_t size_;
};

using SetId = std::uint32_t;
using Call = std::pair<FunctionId, std::uint32_t>; // the caller, and the number of the edge

class CallGraph {
public:
  CallGraph(const Program &program, const Library &library);

  Edge edge(FunctionId f, std::size_t number) const;
  Call caller(FunctionId f, std::size_t number) const;
  // By operation.
  Listing<Edge, &CallGraph::edge> edges(FunctionId f) const;
  const std::vector<LaterEdge> &later(FunctionId f) const { return later_[f]; }
  const std::vector<Creation> &creations() const { return creations_; }
  // Who runs `f` in place.
  Listing<Call, &CallGraph::caller> callers(FunctionId f) const;

  // Sets of targets. The edges of a function with those to sets whole: then `to` is no function (set_behind).
  const std::vector<Edge> &edges_and_sets(FunctionId f) const { return callees_[f].edges; }
  std::optional<SetId> set_behind(const Edge &edge) const {
    return edge.to == none || edge.to < callees_.size() ? std::nullopt : std::optional(edge.to - SetId(callees_.size()));
  }
  std::size_t sets() const { return sets_.size(); }
  const std::vector<FunctionId> &members(SetId set) const { return sets_[set].members; }
  // Who runs one of a set's: the caller, and the number in edges_and_sets(caller).
  const std::vector<Call> &callers_of_set(SetId set) const { return sets_[set].callers; }
  // Who runs `f` by itself: number in edges_and_sets(caller); and the sets that it is in.
  const std::vector<Call> &callers_alone(FunctionId f) const { return callers_[f].alone; }
  const std::vector<std::pair<SetId, std::uint32_t>> &sets_with(FunctionId f) const { return callers_[f].sets; }
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
  SetId set_of(llvm::ArrayRef<FunctionId> members);
  void find_callers();
  void build_components();

  const Program &program_;
  const Library &library_;
  Flow flow_;
  GuardsOf guards_;
  Endings endings_;
  struct Callees {
    std::vector<Edge> edges;          // sorted; `to` from the number of functions on is a set
    std::vector<std::uint32_t> first; // if there are sets: the number of each one's first edge
    std::uint32_t size = 0;           // sets spelled out
  };
  struct Set {
    std::vector<FunctionId> members; // sorted
    std::vector<Call> callers;       // by number in Callees::edges
  };
  struct Called {
    std::vector<Call> alone;                           // by number in Callees::edges
    std::vector<std::pair<SetId, std::uint32_t>> sets; // with its place in each
  };
  std::vector<Callees> callees_;
  std::vector<Called> callers_;
  std::vector<Set> sets_;
  std::map<std::vector<FunctionId>, SetId> set_ids_;
  std::vector<std::vector<LaterEdge>> later_;
  std::vector<Creation> creations_;
  std::vector<std::vector<FunctionId>> components_;
  std::set<std::pair<FunctionId, unsigned>> invoked_; // (function, parameter): called in place
  std::vector<bool> in_place_;                        // by FunctionId, lambdas: run by the function that they are written in
  std::vector<bool> made_;        // by TypeId: the program makes objects of the class, or of one derived from it
  llvm::SparseBitVector<> bound_; // bodies that library code is given together with arguments for them
  std::set<std::string> ambiguous_;
  std::map<std::pair<facts::TypeId, std::string>, llvm::SmallVector<FunctionId, 2>> methods_; // filled if a string names one
};

inline Edge CallGraph::edge(FunctionId f, std::size_t number) const {
  const Callees &all = callees_[f];
  if (all.first.empty())
    return all.edges[number];
  auto at = std::upper_bound(all.first.begin(), all.first.end(), number) - 1;
  Edge out = all.edges[static_cast<std::size_t>(at - all.first.begin())];
  if (auto set = set_behind(out))
    out.to = sets_[*set].members[number - *at];
  return out;
}

inline Call CallGraph::caller(FunctionId f, std::size_t number) const {
  auto spelled_out = [&](const Call &call, std::uint32_t member) {
    const Callees &all = callees_[call.first];
    return all.first.empty() ? call : Call{call.first, all.first[call.second] + member};
  };
  const Called &all = callers_[f];
  if (number < all.alone.size())
    return spelled_out(all.alone[number], 0);
  number -= all.alone.size();
  for (auto [set, member] : all.sets) {
    if (number < sets_[set].callers.size())
      return spelled_out(sets_[set].callers[number], member);
    number -= sets_[set].callers.size();
  }
  return {none, none};
}

inline Listing<Edge, &CallGraph::edge> CallGraph::edges(FunctionId f) const { return {this, f, callees_[f].size}; }

inline Listing<Call, &CallGraph::caller> CallGraph::callers(FunctionId f) const {
  std::size_t size = callers_[f].alone.size();
  for (auto [set, member] : callers_[f].sets)
    size += sets_[set].callers.size();
  return {this, f, size};
}

} // namespace tenterhook::analysis

#endif
