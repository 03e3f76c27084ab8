// Library: the program seen through the models. Which descriptor applies to an operation, which type is a lock or a
// guard, where a value came from, what kind of executor it denotes.
//
// The only room that reads models::Models; every other analysis asks here. Caches by id, filled on construction, so
// look-ups are cheap; methods of receivers are remembered on demand, so one thread at a time.
#ifndef TENTERHOOK_CHECKS_LIBRARY_LIBRARY_H
#define TENTERHOOK_CHECKS_LIBRARY_LIBRARY_H

#include "models/models.h"
#include "program/program.h"
#include <map>
#include <optional>
#include <set>
#include <string>

namespace tenterhook::analysis {

// An operand together with the function whose locals it speaks of.
struct Value {
  FunctionId function = none;
  facts::Operand operand;
};

class Library {
public:
  Library(const Program &program, const models::Models &models);

  // The descriptor of the function that `op` calls: by the receiver's static type and its bases, then by the class that
  // declares it. Null if there is none.
  const models::FunctionModel *function(const facts::Operation &op) const;
  const models::FunctionModel *function(facts::EntityId callee) const;
  // The descriptor of the constructor with which a library makes an object of the call's arguments; null if there is none.
  const models::FunctionModel *maker(const facts::Operation &op) const;
  // Whether a descriptor speaks of one library's function, not of a name in whatever scope.
  static bool is_of_a_library(const models::FunctionModel *m) {
    return m && !llvm::StringRef(m->name).starts_with(models::any_scope);
  }
  // The namespace of the library that a modelled name belongs to; each of Boost's libraries has its own. Empty for plain names.
  static llvm::StringRef library_namespace(llvm::StringRef modelled);
  // Whether a function of this name belongs to the library whose function `m` describes.
  static bool is_part_of(llvm::StringRef qualified, const models::FunctionModel &m) {
    llvm::StringRef space = library_namespace(m.name);
    return !space.empty() && qualified.consume_front(space) && qualified.starts_with("::");
  }
  // Libraries that have executors which any number of threads may run.
  std::set<std::string> with_runnable_executors() const;
  const models::FunctionModel *function_named(llvm::StringRef name) const { return models_.function(name); } // macros
  // The descriptor of a type or the nearest of its bases; references are stripped, pointers are not.
  const models::TypeModel *type(facts::TypeId t) const;

  // Whether the call runs the awaitable that it is given to its end, on this thread: modelled so, or declared blocking.
  bool runs_awaitable(const facts::Operation &op) const;
  // Whether a declaration of the function carries this attribute.
  bool annotated(facts::EntityId e, llvm::StringRef annotation) const;

  // Whether objects of the class can be called: a closure, or a class with operator() of its own or of a base.
  bool has_call_operator(facts::TypeId t) const { return call_operators_[t]; }

  // How this type guards locks; null if it does not, or guards only async locks.
  const models::GuardType *guard(facts::TypeId t) const;
  // The guard that a class has as a template argument: std::optional<std::lock_guard<M>>. Null if there is none.
  const models::GuardType *wrapped_guard(facts::TypeId t) const;
  // A lock that blocks a thread: modelled as one, or with void lock() and void unlock(), whose body is not empty.
  bool is_thread_lock(facts::TypeId t) const;
  // Has lock() and unlock(), and nothing blocks in them: a null mutex, an async one.
  bool is_null_lock(facts::TypeId t) const;
  models::GuardTag tag(facts::TypeId t) const;
  bool is_async_lock(facts::TypeId t) const;

  // Where a value comes from: through locals (every value ever stored), captures, casts and identity functions, as far
  // as the function and its enclosing functions show. What cannot be followed stands for itself.
  llvm::SmallVector<Value, 4> origins(FunctionId f, const facts::Operand &operand) const;
  // Whether the function moves from this object: a local, or a temporary that something takes.
  bool moved_away(FunctionId f, const facts::AccessPath &object) const;
  // Constants only; absent unless all origins agree.
  std::optional<std::int64_t> constant(FunctionId f, const facts::Operand &operand) const;
  struct Bits { // of an integer, those that are known to be set, and to be clear
    std::uint64_t set = 0, clear = 0;
  };
  Bits bits(FunctionId f, const facts::Operand &operand, unsigned depth = 0) const;

  // The kind of executor that a value denotes; `unknown` if its origins disagree or tell nothing.
  models::Executor executor(FunctionId f, const facts::Operand &operand, unsigned depth = 0) const;
  models::Executor executor(FunctionId f, const facts::Operation &op, const models::ExecutorClause &clause) const;

  // The operands that a subject means at one call.
  llvm::SmallVector<facts::Operand, 2> subjects(const facts::Operation &op, const models::Subject &subject) const;
  // `unknown_is`: what a condition on an argument of unknown value counts as.
  bool holds(FunctionId f, const facts::Operation &op, const models::Condition &condition, bool unknown_is = false) const;

  // The index in `op.args` that a model's argument number means, -1 if there is no such argument.
  static int argument_index(const facts::Operation &op, int index);
  // "operator=", whatever the class.
  static bool is_assignment(llvm::StringRef qualified) { return last_name(qualified) == "operator="; }
  // What library code that is not seen may keep of what it is given: (object, value). A method that is not const keeps its
  // arguments in its object; a function keeps them in what it takes by reference.
  llvm::SmallVector<std::pair<const facts::Operand *, const facts::Operand *>, 2>
  kept_by_library(const facts::Operation &op) const;
  // "sleep_for" of "std::this_thread::sleep_for".
  static llvm::StringRef last_name(llvm::StringRef qualified);
  const Program &program() const { return program_; }

private:
  const models::TypeModel *lookup_type(facts::TypeId t) const;
  const models::FunctionModel *method(facts::TypeId receiver, facts::EntityId callee) const;
  void collect_sources();
  void collect_executors();
  models::Executor executor_kept(FunctionId f, const facts::AccessPath &path, unsigned depth) const;
  void collect_null_locks();
  void add_origins(FunctionId f, const facts::Operand &o, llvm::SmallVectorImpl<Value> &out, std::set<std::string> &seen,
                   unsigned depth) const;

  const Program &program_;
  const models::Models &models_;
  std::vector<const models::TypeModel *> types_; // by TypeId
  std::vector<bool> null_locks_;                 // by TypeId
  std::vector<bool> call_operators_;             // by TypeId
  // By receiver and method, of all calls: every analysis asks for every call.
  llvm::DenseMap<std::pair<facts::TypeId, facts::EntityId>, const models::FunctionModel *> methods_;
  std::vector<const models::FunctionModel *> entities_;           // by EntityId, without a receiver
  std::map<facts::TypeId, models::Executor> moved_;               // classes whose objects were moved there: QObject::moveToThread
  std::map<facts::EntityId, std::vector<Value>> executor_stores_; // field or global → what is kept in it
  std::map<std::pair<FunctionId, facts::LocalId>, std::vector<Value>> executor_parameters_; // … → arguments
  std::vector<std::vector<llvm::SmallVector<facts::Operand, 1>>> sources_; // by FunctionId, LocalId: what was stored
};

} // namespace tenterhook::analysis

#endif
