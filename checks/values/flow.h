// Where callable values go over the whole program: what an operand may be when it is called.
//
// Two layers. Inside a function, every local and every operation's result has a set of *sources*: bodies that are named
// there, parameters, captures, and cells (globals, fields) that it was read from; what a function returns is its own
// summary over its parameters, put in at each call, so a wrapper or a getter means something else at each place. Over
// the program, a *cell* holds all bodies ever stored in it, and a parameter all that any caller passes: inclusions,
// solved by propagating differences (Andersen, 1994, field-based as in Heintze and Tardieu, PLDI 2001). A cell is a
// global, a field of a class whatever the object, or a field of one global object (a table's entries); elements of
// arrays and containers and what pointers point to are one with what holds them.
//
// Library code without a body is opaque: what a system class's method is given goes into the object unless the method is
// const; what a system function returns may be any of what it was given.
//
// Objects whose class has a function that somebody calls virtually go the same ways: a queue of them is told apart by what was
// put into it, as one of callables is.
//
// Flow-insensitive, without limits; deterministic. Immutable once made: safe to read from many threads.
#ifndef TENTERHOOK_CHECKS_VALUES_FLOW_H
#define TENTERHOOK_CHECKS_VALUES_FLOW_H

#include "values/classes.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SparseBitVector.h"

namespace tenterhook::analysis {

using CellId = std::uint32_t;

struct Source {
  enum Kind : std::uint8_t {
    body,      // a: FunctionId
    parameter, // a: FunctionId, b: LocalId
    capture,   // a: FunctionId of the lambda, b: index into its captures
    cell,      // a: CellId
    object,    // a: TypeId of its class, b: 1 if it may be of a class derived from that (`this`)
  } kind = body;
  std::uint32_t a = 0, b = 0;
  auto operator<=>(const Source &) const = default;
};
using Sources = std::vector<Source>; // sorted, unique

class Flow {
public:
  Flow(const Program &program, const Library &library);

  // What `operand` may be, as far as `f` and the functions that enclose it show. Captures are followed: a parameter may
  // be one of an enclosing function.
  Sources sources(FunctionId f, const facts::Operand &operand) const;
  // The bodies that a cell or a parameter holds, whoever put them there. What is not below Program::functions' size is no
  // body but a handle of a suspended coroutine, or an object.
  const llvm::SparseBitVector<> &held(const Source &source) const;
  bool is_handle(std::uint32_t held) const {
    return held >= program_.functions.size() && (held - program_.functions.size()) % 3 == 0;
  }
  // The bodies that a call resolved at run time runs on the objects that cells and parameters hold; sorted.
  std::vector<FunctionId> run_on(FunctionId f, const facts::Operation &call, const llvm::SparseBitVector<> &held) const;
  // The field or global that a cell stands for; none if it stands for something else.
  facts::EntityId kept_in(CellId cell) const;
  // What a field or global is in; absent cells are left out.
  void add_cells(facts::EntityId kept, llvm::SparseBitVector<> &cells) const;
  // Adds what functions give out of these cells by reference: bool pop(Job &).
  void add_given_out(llvm::SparseBitVector<> &cells) const;
  // Functions (await_suspend) whose parameter, the handle of a suspended coroutine, `operand` may be; sorted.
  std::vector<FunctionId> suspended(FunctionId f, const facts::Operand &operand) const;
  // The bodies that override a virtual method in classes that the call's object may be of.
  llvm::SmallVector<FunctionId, 4> overriders(FunctionId f, const facts::Operation &call) const;
  // The constructors with which a library makes an object of the call's arguments: the one that they choose, or, where the
  // facts do not tell, those that take as many.
  llvm::SmallVector<FunctionId, 2> made_by(FunctionId f, const facts::Operation &op) const;
  // The bodies of a closure or a function: of a generic lambda, all its instances.
  llvm::SmallVector<FunctionId, 2> bodies(FunctionId from, facts::EntityId callable) const;
  // The bodies that calling an object of this type runs: a closure's, a function object's, those of `overloaded`.
  llvm::SmallVector<FunctionId, 2> call_operators(FunctionId from, facts::TypeId type) const;

private:
  friend class LocalFlow;
  enum CellKind : std::uint8_t {
    global,
    field_read,
    field_store,
    field_of_global,
    parameter_value,
    written_through,
    virtual_parameter,
    virtual_written
  }; // of a virtual method: of all bodies that override it
  struct Cell {
    llvm::SparseBitVector<> held, fresh;
    std::vector<CellId> into;
  };

  CellId cell(CellKind kind, std::uint32_t a, std::uint32_t b = 0);
  bool is_global(const Source &source, facts::EntityId *which = nullptr) const;
  bool writes_through(FunctionId f, facts::LocalId parameter) const; // it may: a reference or pointer to what is not const
  void solve_locals();
  void seed_handles();
  void find_called_virtually();
  bool is_called_virtually(facts::TypeId type, facts::TypeId *record) const;
  bool is_self(FunctionId f, const facts::AccessPath &path, facts::TypeId &record) const;
  void collect_stores(FunctionId f);
  void store(FunctionId f, const facts::AccessPath &to, const Sources &what);
  std::vector<CellId> targets(FunctionId f, const facts::AccessPath &to);
  void pass(FunctionId f, const facts::Operation &op, FunctionId to);
  void pass_virtually(FunctionId f, const facts::Operation &op);
  void put(CellId into, const Sources &what);
  void propagate();
  void call_values();
  Sources node(FunctionId f, std::uint32_t node) const;
  void follow_captures(Sources &sources) const;

  const Program &program_;
  const Library &library_;
  const Classes classes_;
  std::vector<Cell> cells_;
  std::vector<std::pair<CellKind, std::pair<std::uint32_t, std::uint32_t>>> keys_; // by CellId
  llvm::DenseMap<std::pair<std::uint64_t, std::uint32_t>, CellId> ids_;
  llvm::DenseSet<std::pair<CellId, CellId>> inclusions_;
  std::vector<CellId> changed_;
  // By function: where each node's sources begin (its locals first, then its operations), and the sources.
  struct Nodes {
    std::vector<std::uint32_t> first;
    Sources sources;
  };
  std::vector<Nodes> nodes_;
  std::vector<Sources> returns_; // by function: what it gives back, over its own parameters
  std::vector<std::pair<FunctionId, facts::OpId>> value_calls_;
  std::vector<llvm::SparseBitVector<>> passed_; // by value call: targets whose parameters know its arguments
  llvm::DenseSet<facts::EntityId> joined_;      // virtual methods whose overriders' parameters include the method's
  std::vector<FunctionId> handles_;             // by index: the functions that values from functions.size() on are handles of
  std::vector<bool> called_virtually_;          // by TypeId
  llvm::DenseMap<facts::TypeId, llvm::SmallVector<facts::EntityId, 2>> operators_; // by class: its operator()s
  llvm::DenseMap<facts::TypeId, llvm::SmallVector<FunctionId, 2>> constructors_;   // by class
};

// Whether a value of this type can be, hold or lead to a callable.
bool carries(const Program &program, facts::TypeId type);
// What a path names: a field of user code (the last one), at `base`; or, without one, its root.
struct Named {
  facts::AccessPath base;
  facts::EntityId field = facts::none;
};
Named named(const Program &program, const facts::AccessPath &path);
// A call through a value: a function pointer, or the call operator of std::function and the like.
bool calls_value(const Program &program, const Library &library, const facts::Operation &op);

} // namespace tenterhook::analysis

#endif
