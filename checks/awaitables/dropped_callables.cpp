// Callables that give a task to somebody who does not look at what they give: std::function<void()>, std::thread.
#include "awaitables/dropped.h"
#include "values/callables.h"

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

namespace {

// What a call of this value gives; none if that is not known.
TypeId given_by(const Program &program, const Library &library, FunctionId f, const Operand &callable, unsigned depth = 0) {
  if (callable.kind == OperandKind::closure || callable.kind == OperandKind::function)
    return program.entities[callable.entity].type;
  if (callable.kind == OperandKind::result && depth < 4) { // std::bind(load, 1), std::move(f)
    const Operation &op = program.functions[f].ops[callable.op];
    const FunctionModel *m = library.function(op);
    if (m && m->returns_subject)
      if (int i = Library::argument_index(op, m->returned_arg); i >= 0)
        return given_by(program, library, f, op.args[i], depth + 1);
  }
  TypeId t = program.strip_references(callable.type);
  if (t != none && program.types[t].kind == TypeKind::pointer)
    t = program.types[t].pointee;
  if (t == none)
    return none;
  const Type &type = program.types[t];
  if (type.kind == TypeKind::function)
    return type.result;
  if (type.call_operator != none)
    return program.entities[type.call_operator].type;
  // std::function<task<>()>
  if (type.kind == TypeKind::record && !type.args.empty() && program.types[type.args[0]].kind == TypeKind::function)
    return program.types[type.args[0]].result;
  return none;
}

// W<void(A…)> made of what std::bind or the like gave, of which the compiler does not tell what a call of it gives.
bool becomes_void(const Program &program, const Library &library, const Operation &op) {
  TypeId t = program.record_behind(op.kind == OpKind::construct ? op.type : none);
  const TypeModel *m = t == none ? nullptr : library.type(t);
  if (!m || !m->callable || program.types[t].args.empty() || op.args.size() != 1 || op.args[0].kind != OperandKind::result)
    return false;
  const Type &signature = program.types[program.types[t].args[0]];
  return signature.kind == TypeKind::function && signature.result == none && program.record_behind(op.args[0].type) != t;
}

// Where the callable is written, if that is in this function; else the operation that takes it.
OpId written_at(const Function &function, const Operand &callable, OpId taken) {
  if (callable.kind != OperandKind::closure)
    return taken;
  for (OpId i = taken; i-- > 0;)
    if (function.ops[i].kind == OpKind::closure && function.ops[i].callee == callable.entity)
      return i;
  return taken;
}

} // namespace

void find_in_callables(const Program &program, const Library &library, const Awaitables &awaitables, FunctionId f,
                       std::vector<Dropped> &out) {
  const Function &function = program.functions[f];
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    if ((op.kind != OpKind::call && op.kind != OpKind::construct) || !program.reachable(f, i))
      continue;
    const FunctionModel *m = library.function(op);
    bool dropped = op.result_dropped || becomes_void(program, library, op);
    for (unsigned a = 0; a < op.args.size(); ++a) {
      const Operand &arg = op.args[a];
      if (!dropped && !(m && !m->callbacks.empty() && may_be_callable(program, library, arg)))
        continue;
      const CallbackClause *clause = dropped || !m ? nullptr : callback_clause(library, *m, f, op, a);
      TypeId gives = dropped || (clause && clause->result_dropped) ? given_by(program, library, f, arg) : none;
      if (gives != none && awaitables.is_task(gives))
        out.push_back({.in = f,
                       .made = written_at(function, arg, i),
                       .kind = DropKind::by_taker,
                       .type = gives,
                       .callable = arg,
                       .lost_at = i});
    }
  }
}

} // namespace tenterhook::analysis
