// Awaitables by type and by operation.
#include "awaitables/awaitables.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

Awaitables::Awaitables(const Program &program, const Library &library, const CallGraph &calls)
    : program_(program), library_(library), answers_(collect_answers(program, calls)) {
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (const Entity &method = program.entity_of(f);
        method.record != none && Library::last_name(program.qualified(program.functions[f].entity)) == "await_ready")
      ready_.try_emplace(method.record, f);
}

bool Awaitables::must_await(TypeId t) const {
  t = program_.strip_references(t);
  if (t == none)
    return false;
  const Type &type = program_.types[t];
  const TypeModel *m = library_.type(t);
  if (type.detached || !(type.awaitable || (m && m->awaitable)))
    return false;
  // std::suspend_always itself means nothing by being dropped; what derives from it does.
  return !(m && (m->not_awaitable || (m->ready && m->name == program_.str(type.qualified))));
}

bool Awaitables::is_task(TypeId t) const {
  if (!must_await(t))
    return false;
  t = program_.strip_references(t);
  const TypeModel *m = library_.type(t);
  return program_.types[t].coroutine || (m && m->awaitable);
}

InitialSuspend Awaitables::start(TypeId t) const {
  t = program_.strip_references(t);
  if (t == none)
    return InitialSuspend::unknown;
  if (const TypeModel *m = library_.type(t); m && m->awaitable && *m->awaitable != Start::unknown)
    return *m->awaitable == Start::lazy ? InitialSuspend::lazy : InitialSuspend::eager;
  return program_.types[t].initial_suspend;
}

TypeId Awaitables::inside(TypeId t, unsigned depth) const {
  t = program_.strip_references(t);
  if (t != none && program_.types[t].kind == TypeKind::array)
    return is_task(program_.types[t].pointee) ? program_.types[t].pointee : none;
  const TypeModel *box = t == none ? nullptr : library_.type(t);
  if (!box || !box->owns_arguments || depth > 3)
    return none;
  for (TypeId arg : program_.types[t].args) {
    if (is_task(arg))
      return program_.strip_references(arg);
    if (TypeId deeper = inside(arg, depth + 1); deeper != none)
      return deeper;
  }
  return none;
}

// What an await gives has been waited for; but a lazy task among it has yet to run, unless it is the one that was
// waited for: `co_await task.resolve()`.
bool Awaitables::gives_new_task(const Function &function, const Operation &op) const {
  if (op.kind != OpKind::await || op.type == none)
    return false;
  TypeId in_box = inside(op.type);
  if (start(in_box == none ? op.type : in_box) != InitialSuspend::lazy)
    return false;
  if (op.args.empty() || op.args[0].kind != OperandKind::result)
    return true;
  return program_.record_behind(function.ops[op.args[0].op].receiver.type) != op.type;
}

bool Awaitables::may_be_dropped(FunctionId f, const Operation &op) const {
  const FunctionModel *m = library_.function(op);
  auto holds = [&](const Condition &c) { return library_.holds(f, op, c); };
  return m && m->discard_allowed && std::all_of(m->discard_when.begin(), m->discard_when.end(), holds) &&
         std::none_of(m->discard_unless.begin(), m->discard_unless.end(), holds);
}

bool Awaitables::makes(FunctionId f, const Operation &op) const {
  bool by_value = op.prvalue_result && (op.kind == OpKind::call || gives_new_task(program_.functions[f], op));
  if (op.implicit || !(by_value || op.kind == OpKind::construct) || !must_await(op.type))
    return false;
  // Made from nothing, a coroutine type is an empty handle.
  if (op.kind == OpKind::construct && is_task(op.type) && op.args.empty())
    return false;
  return !may_be_dropped(f, op);
}

bool Awaitables::makes_box(FunctionId f, const Operation &op) const {
  const Function &function = program_.functions[f];
  bool by_value = op.prvalue_result && (op.kind == OpKind::call || gives_new_task(function, op));
  if (!by_value || op.implicit || inside(op.type) == none || boxed(f, op) != none || may_be_dropped(f, op))
    return false;
  // std::make_pair(1, all()), std::make_unique<task<>>(): what is in it is what was put in.
  if (op.callee == none || !program_.entities[op.callee].system || op.receiver.kind != OperandKind::unknown)
    return true;
  return std::any_of(op.args.begin(), op.args.end(), [&](const Operand &arg) {
    if (arg.kind == OperandKind::result)
      return makes_box(f, function.ops[arg.op]);
    return arg.kind == OperandKind::path && arg.moved && (is_task(arg.type) || inside(arg.type) != none);
  });
}

OpId Awaitables::boxed(FunctionId f, const Operation &op) const {
  const TypeModel *box = op.type == none ? nullptr : library_.type(op.type);
  if (!box || !box->owns_arguments || !(op.kind == OpKind::construct || (op.kind == OpKind::call && op.prvalue_result)))
    return none;
  const Function &function = program_.functions[f];
  auto owned = [&](const Operand &arg) {
    if (arg.kind != OperandKind::result || !makes(f, function.ops[arg.op]))
      return false;
    const auto &of = program_.types[program_.strip_references(op.type)].args;
    return std::find(of.begin(), of.end(), program_.strip_references(function.ops[arg.op].type)) != of.end();
  };
  auto it = std::find_if(op.args.begin(), op.args.end(), owned);
  if (it != op.args.end())
    return it->op;
  // std::array{load(1), load(2)}: an argument that is a list of several has no value of its own.
  if (std::any_of(op.args.begin(), op.args.end(), [](const Operand &arg) { return arg.kind == OperandKind::unknown; }))
    for (OpId i = 0, user = static_cast<OpId>(&op - function.ops.data()); i < user; ++i)
      if (const ResultUse &use = function.ops[i].use; use.kind == UseKind::argument && use.user == user) {
        Operand element;
        element.kind = OperandKind::result;
        element.op = i;
        if (owned(element))
          return i;
      }
  return none;
}

bool Awaitables::takes_over(const Function &function, const Operation &op) const {
  if (op.kind != OpKind::construct || op.args.empty() || !op.args[0].moved || op.path.root != RootKind::local ||
      !op.path.steps.empty() || function.locals[op.path.id].is_static)
    return false;
  const Operand &from = op.args[0];
  return from.kind == OperandKind::path && from.path.root == RootKind::local && from.path.steps.empty() &&
         program_.strip_references(from.type) == program_.strip_references(op.type) && is_task(op.type);
}

bool Awaitables::asks(const Operation &op) const {
  if (op.kind != OpKind::call || op.callee == none || !op.args.empty() ||
      Library::last_name(program_.qualified(op.callee)) != "operator bool")
    return false;
  TypeId of = program_.record_behind(op.receiver.type);
  return of != none && (inside(of) != none || (is_task(of) && start(of) == InitialSuspend::lazy));
}

static bool among(const Operand &operand, OpId i) {
  return operand.kind == OperandKind::result
             ? operand.op == i
             : std::any_of(operand.choices.begin(), operand.choices.end(), [&](const Operand &o) { return among(o, i); });
}

bool Awaitables::at_the_end(FunctionId f, OpId i) const {
  const auto &ops = program_.functions[f].ops;
  return std::any_of(ops.begin() + i, ops.end(), [&](const Operation &op) {
    return op.kind == OpKind::ret && !op.args.empty() &&
           (op.args[0].kind == OperandKind::both || op.args[0].kind == OperandKind::either) && among(op.args[0], i);
  });
}

bool Awaitables::asked_and_dropped(FunctionId f, const Operation &op) const {
  if (op.use.kind != UseKind::receiver || op.use.user == none)
    return false;
  return asks(program_.functions[f].ops[op.use.user]) && !at_the_end(f, op.use.user);
}

bool Awaitables::finished(FunctionId f, OpId i, unsigned depth) const {
  constexpr unsigned deepest = 4; // functions that return what others return
  const Operation &op = program_.functions[f].ops[i];
  if (const FunctionModel *m = library_.function(op); m && m->gives_ready)
    return true;
  if (op.kind == OpKind::construct) {
    auto ready = ready_.end();
    for (TypeId t : program_.with_bases(program_.strip_references(op.type)))
      if (ready == ready_.end())
        ready = ready_.find(t);
    if (ready == ready_.end())
      return false;
    const Answer &answer = answers_[ready->second];
    if (answer.kind == Answer::constant)
      return answer.value != 0;
    return answer.kind == Answer::field && initial_value(program_, f, i, static_cast<EntityId>(answer.value)).value_or(0) != 0;
  }
  FunctionId body = op.kind == OpKind::call && op.callee != none && !op.virtual_call ? program_.body_for(f, op.callee) : none;
  if (body == none || depth == deepest || program_.functions[body].coroutine)
    return false;
  bool any = false;
  for (const Operation &ret : program_.functions[body].ops)
    if (ret.kind == OpKind::ret) {
      if (ret.args.empty() || ret.args[0].kind != OperandKind::result || !finished(body, ret.args[0].op, depth + 1))
        return false;
      any = true;
    }
  return any;
}

} // namespace tenterhook::analysis
