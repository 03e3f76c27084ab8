// Callable values: which bodies an operand may be, and who calls what it is given in place.
#include "analysis/callables.h"
#include "analysis/call_graph.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

bool is_call_operator(const Program &program, EntityId callee) {
  llvm::StringRef name = program.qualified(callee);
  return name.ends_with("::operator()") || name.ends_with("::(lambda)");
}

bool may_be_callable(const Program &program, const Library &library, const Operand &operand) {
  if (operand.kind == OperandKind::closure || operand.kind == OperandKind::function)
    return true;
  if (operand.kind != OperandKind::path && operand.kind != OperandKind::result)
    return false;
  TypeId t = program.strip_references(operand.type);
  if (t == none)
    return false;
  const Type &type = program.types[t];
  if (type.kind == TypeKind::pointer)
    return type.pointee != none && program.types[type.pointee].kind == TypeKind::function;
  if (type.kind == TypeKind::function)
    return true;
  const TypeModel *m = library.type(t);
  return type.kind == TypeKind::record && (library.has_call_operator(t) || (m && m->callable));
}

bool is_coroutine_handle(const Program &program, TypeId record) {
  return program.str(program.types[record].qualified) == "std::coroutine_handle";
}

bool resumes_coroutine(const Program &program, const Operation &op) {
  if (op.kind != OpKind::call || op.callee == none)
    return false;
  TypeId t = program.record_behind(op.receiver.type);
  if (t == none || !is_coroutine_handle(program, t))
    return false;
  llvm::StringRef name = Library::last_name(program.qualified(op.callee));
  return name == "resume" || name == "operator()";
}

static bool covers(const Subject &subject, const Operation &op, unsigned arg) {
  if (subject.kind == Subject::all_arguments)
    return true;
  return subject.kind == Subject::argument && Library::argument_index(op, subject.arg) == static_cast<int>(arg);
}

static bool applies(const Library &library, const CallbackClause &clause, FunctionId f, const Operation &op) {
  auto holds = [&](const Condition &c) { return library.holds(f, op, c); };
  return std::all_of(clause.when.begin(), clause.when.end(), holds) &&
         std::none_of(clause.unless.begin(), clause.unless.end(), holds);
}

const CallbackClause *callback_clause(const Library &library, const FunctionModel &model, FunctionId f, const Operation &op,
                                      unsigned arg) {
  for (const CallbackClause &c : model.callbacks)
    if (covers(c.subject, op, arg) && applies(library, c, f, op))
      return &c;
  return nullptr;
}

const CallbackClause *receiver_clause(const Library &library, const FunctionModel &model, FunctionId f, const Operation &op) {
  for (const CallbackClause &c : model.callbacks)
    if (c.subject.kind == Subject::receiver && applies(library, c, f, op))
      return &c;
  return nullptr;
}

// A type that holds callables of this type: std::vector<std::function<void()>>, std::pair<int, F>.
static bool holds(const Program &program, const Library &library, TypeId box, TypeId callable, unsigned depth = 0) {
  box = program.strip_references(box);
  if (box == none || depth > 4 || program.types[box].kind != TypeKind::record)
    return false;
  return std::any_of(program.types[box].args.begin(), program.types[box].args.end(), [&](TypeId a) {
    const TypeModel *m = library.type(a);
    return program.strip_references(a) == callable || (m && m->callable) || holds(program, library, a, callable, depth + 1);
  });
}

bool calls_in_place(const Program &program, const Library &library, const Operation &op, unsigned arg) {
  if (op.kind != OpKind::call || op.callee == none)
    return false;
  TypeId given = program.strip_references(op.args[arg].type);
  const TypeModel *receiver = library.type(op.receiver.type);
  if (op.makes != none || (receiver && receiver->callable) || holds(program, library, op.receiver.type, given))
    return false; // a constructor's argument, what a std::function becomes, a container's element
  // A box with it that is given back, and that somebody takes: std::pair(name, f). std::ranges::for_each gives one back too.
  if (op.use.kind != UseKind::discarded && op.use.kind != UseKind::voided && holds(program, library, op.type, given))
    return false;
  const Entity &callee = program.entities[op.callee];
  TypeId declared = arg < callee.parameters.size() ? callee.parameters[arg].type : none;
  TypeId type = program.strip_references(declared);
  const TypeModel *m = type == none ? nullptr : library.type(type);
  bool by_constant_reference = declared != none && program.types[declared].kind == TypeKind::lvalue_reference &&
                               callee.parameters[arg].pointee_const;
  if (m && m->callable) // to keep it, it would have to be copied
    return by_constant_reference;
  return callee.system || by_constant_reference;
}

bool calls_value(const Program &program, const Library &library, const Operation &op) {
  if (op.kind != OpKind::call || op.receiver.kind == OperandKind::unknown)
    return false;
  const TypeModel *type = library.type(op.receiver.type);
  return op.callee == none || (type && type->callable && is_call_operator(program, op.callee));
}

llvm::SmallVector<FunctionId, 2> CallGraph::callable_targets(FunctionId f, const Operand &operand) const {
  llvm::SparseBitVector<> bodies;
  for (const Source &source : flow_.sources(f, operand)) {
    if (source.kind == Source::body)
      bodies.set(source.a);
    else if (source.kind == Source::cell || !is_callers_matter(f, source))
      bodies |= flow_.held(source);
  }
  llvm::SmallVector<FunctionId, 2> out;
  for (unsigned body : bodies)
    if (body < program_.functions.size())
      out.push_back(body);
  return out;
}

// Whether who calls the function decides what this parameter is: one of `f`, or of a function that runs `f`, a lambda in
// it, in place. Otherwise the lambda was kept, and whatever any caller passed may be in it.
bool CallGraph::is_callers_matter(FunctionId f, const Source &parameter) const {
  for (FunctionId at = f; at != parameter.a;) {
    const Function &function = program_.functions[at];
    if (!in_place_[at] || function.enclosing == none)
      return false;
    at = program_.body_for(at, function.enclosing);
    if (at == none)
      return false;
  }
  return true;
}

bool CallGraph::runs_in_place(FunctionId f, const Operation &op, unsigned arg, bool *presumed) const {
  const FunctionModel *model = library_.function(op);
  if (model)
    if (const CallbackClause *clause = callback_clause(library_, *model, f, op, arg))
      return clause->in_place;
  if (op.callee != none)
    if (FunctionId body = program_.body_for(f, op.callee); body != none)
      return invoked_.count({body, arg}) != 0;
  if (op.makes != none) {
    if (const FunctionModel *maker = library_.maker(op))
      if (const CallbackClause *clause = callback_clause(library_, *maker, f, op, arg))
        return clause->in_place;
    return llvm::any_of(flow_.made_by(f, op), [&](FunctionId to) { return invoked_.count({to, arg}) != 0; });
  }
  if (op.virtual_call) {
    auto overriders = program_.overriders(op.callee);
    if (!overriders.empty())
      return std::any_of(overriders.begin(), overriders.end(), [&](FunctionId to) { return invoked_.count({to, arg}) != 0; });
  }
  if (model && (model->returns_subject || model->result_executor || model->runs_awaitable))
    return false;
  if (model)
    return op.kind == OpKind::call;
  if (presumed)
    *presumed = true;
  return calls_in_place(program_, library_, op, arg);
}

// The least fixpoint of: a function invokes a parameter if it calls it, or hands it to something that calls it in place; a
// lambda runs in place if the function that it is written in calls it, or hands it to something that calls it in place.
void CallGraph::find_invoked_parameters() {
  std::size_t count = program_.functions.size();
  std::vector<llvm::SmallVector<FunctionId, 4>> callers(count);
  std::vector<llvm::SmallVector<FunctionId, 2>> lambdas(count);
  for (FunctionId f = 0; f < count; ++f) {
    const Function &function = program_.functions[f];
    if (function.lambda && function.enclosing != none)
      if (FunctionId outer = program_.body_for(f, function.enclosing); outer != none)
        lambdas[outer].push_back(f);
    for (const Operation &op : function.ops)
      if (!op.args.empty() && (op.kind == OpKind::call || op.kind == OpKind::construct)) {
        if (FunctionId body = op.callee == none ? none : program_.body_for(f, op.callee); body != none)
          callers[body].push_back(f);
        for (FunctionId to : flow_.made_by(f, op))
          callers[to].push_back(f);
        if (op.virtual_call)
          for (FunctionId to : program_.overriders(op.callee))
            callers[to].push_back(f);
      }
  }
  std::vector<FunctionId> work;
  std::vector<bool> queued(count, true);
  for (FunctionId f = count; f > 0; --f)
    work.push_back(f - 1);
  auto again = [&](FunctionId f) {
    if (!queued[f]) {
      queued[f] = true;
      work.push_back(f);
    }
  };
  auto invoke = [&](FunctionId f, const Operand &operand) {
    for (const Source &source : flow_.sources(f, operand)) {
      if (source.kind == Source::body && program_.functions[source.a].lambda && !in_place_[source.a]) {
        FunctionId outer = program_.functions[source.a].enclosing == none
                               ? none
                               : program_.body_for(source.a, program_.functions[source.a].enclosing);
        bool here = outer == f;
        for (FunctionId at = f; !here && at != none && in_place_[at] && program_.functions[at].enclosing != none;) {
          at = program_.body_for(at, program_.functions[at].enclosing);
          here = at == outer;
        }
        if (here) {
          in_place_[source.a] = true;
          again(source.a);
          for (FunctionId inner : lambdas[source.a])
            again(inner);
        }
      }
      if (source.kind == Source::parameter && is_callers_matter(f, source) && invoked_.insert({source.a, source.b}).second)
        for (FunctionId caller : callers[source.a])
          again(caller);
    }
  };
  while (!work.empty()) {
    FunctionId f = work.back();
    work.pop_back();
    queued[f] = false;
    for (const Operation &op : program_.functions[f].ops) {
      if (op.kind != OpKind::call && op.kind != OpKind::construct)
        continue;
      if (op.kind == OpKind::call && op.receiver.kind != OperandKind::unknown &&
          (op.callee == none || is_call_operator(program_, op.callee)))
        invoke(f, op.receiver);
      for (unsigned a = 0; a < op.args.size(); ++a)
        if (may_be_callable(program_, library_, op.args[a]) && runs_in_place(f, op, a))
          invoke(f, op.args[a]);
    }
  }
}

} // namespace tenterhook::analysis
