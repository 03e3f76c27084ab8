// Dropped awaitables: which operations make one, and what the flow of pending ones says of them.
#include "analysis/dropped.h"
#include "analysis/dataflow.h"
#include "analysis/dropped_flow.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

namespace {

// What an await gives has been waited for; but a lazy task among it has yet to run, unless it is the one that was
// waited for: `co_await task.resolve()`.
bool gives_new_task(const Program &program, const Function &function, const Operation &op) {
  if (op.kind != OpKind::await || op.type == none || program.types[op.type].initial_suspend != InitialSuspend::lazy)
    return false;
  if (op.args.empty() || op.args[0].kind != OperandKind::result)
    return true;
  return program.record_behind(function.ops[op.args[0].op].receiver.type) != op.type;
}

bool may_be_dropped(const Library &library, FunctionId f, const Operation &op) {
  const FunctionModel *m = library.function(op);
  auto holds = [&](const Condition &c) { return library.holds(f, op, c); };
  return m && m->discard_allowed && std::all_of(m->discard_when.begin(), m->discard_when.end(), holds) &&
         std::none_of(m->discard_unless.begin(), m->discard_unless.end(), holds);
}

// Whether `op` makes an awaitable that somebody must await.
bool makes_awaitable(const Program &program, const Library &library, FunctionId f, const Operation &op) {
  const Function &function = program.functions[f];
  bool awaited = gives_new_task(program, function, op);
  bool by_value = (op.kind == OpKind::call || awaited) && op.prvalue_result;
  if (op.implicit || !(by_value || op.kind == OpKind::construct) || op.type == none)
    return false;
  const Type &type = program.types[op.type];
  if (!type.awaitable || type.detached)
    return false;
  const TypeModel *tm = library.type(op.type);
  // std::suspend_always itself means nothing by being dropped; what derives from it does.
  if (tm && (tm->not_awaitable || (tm->ready && tm->name == program.str(type.qualified))))
    return false;
  // Made from nothing, a coroutine type is an empty handle.
  if (op.kind == OpKind::construct && type.coroutine && op.args.empty())
    return false;
  return !may_be_dropped(library, f, op);
}

// `op` moves an awaitable from one local to another: then that one has it, and must be awaited.
bool takes_over(const Program &program, const Function &function, const Operation &op) {
  if (op.kind != OpKind::construct || op.args.empty() || !op.args[0].moved || op.path.root != RootKind::local ||
      !op.path.steps.empty() || function.locals[op.path.id].is_static)
    return false;
  const Operand &from = op.args[0];
  return from.kind == OperandKind::path && from.path.root == RootKind::local && from.path.steps.empty() &&
         program.strip_references(from.type) == program.strip_references(op.type) &&
         program.types[op.type].coroutine;
}

// The awaitable that `op` puts into an object which does nothing but own it, a std::optional; none if it does not.
OpId boxed(const Program &program, const Library &library, FunctionId f, const Operation &op) {
  const TypeModel *box = op.type == none ? nullptr : library.type(op.type);
  if (!box || !box->owns_arguments || !(op.kind == OpKind::construct || (op.kind == OpKind::call && op.prvalue_result)))
    return none;
  const Function &function = program.functions[f];
  auto owned = [&](const Operand &arg) {
    if (arg.kind != OperandKind::result || !makes_awaitable(program, library, f, function.ops[arg.op]))
      return false;
    const auto &of = program.types[program.strip_references(op.type)].args;
    return std::find(of.begin(), of.end(), program.strip_references(function.ops[arg.op].type)) != of.end();
  };
  auto it = std::find_if(op.args.begin(), op.args.end(), owned);
  return it == op.args.end() ? none : it->op;
}

// The local that holds the value of operation `i` and nothing else but it; none if there is no such one.
LocalId holder(const Program &program, const Function &function, OpId i) {
  const Operation &op = function.ops[i];
  if (op.kind == OpKind::construct && op.path.root == RootKind::local && op.path.steps.empty())
    return op.path.id; // what is constructed by name is of the type that is named
  if (op.use.kind != UseKind::stored || op.use.target.root != RootKind::local ||
      !op.use.target.steps.empty() || op.use.target.id < function.parameter_count)
    return none;
  const Local &local = function.locals[op.use.target.id];
  if (local.is_static || program.strip_references(local.type) != program.strip_references(op.type))
    return none;
  // A reference to something else: what is stored through it is not ours.
  bool made_here = local.init.kind == OperandKind::result && local.init.op == i;
  if (program.types[local.type].kind != TypeKind::record && !made_here)
    return none;
  return op.use.target.id;
}

// Another variable refers, or may refer, to local `l`: it is used through that one.
bool aliased(const Program &program, const Function &function, LocalId l) {
  TypeId type = program.strip_references(function.locals[l].type);
  return std::any_of(function.locals.begin(), function.locals.end(), [&](const Local &other) {
    if (&other == &function.locals[l])
      return false;
    if (other.init.kind == OperandKind::path && other.init.path.root == RootKind::local && other.init.path.id == l)
      return true;
    return other.init.kind == OperandKind::unknown && !other.parameter && other.type != none &&
           program.types[other.type].kind != TypeKind::record && program.record_behind(other.type) == type;
  });
}

// Whether a discarded call stands last in a lambda, or in a macro, that is expected to throw.
bool exception_expected(const Program &program, const Library &library, FunctionId f, OpId made) {
  auto expects = [](const FunctionModel *m) { return m && m->expects_exception; };
  const Function &function = program.functions[f];
  const ResultUse &use = function.ops[made].use;
  if (use.macro && expects(library.function_named(program.str(use.macro))))
    return true;
  FunctionId outer = function.lambda && function.enclosing != none ? program.body_for(f, function.enclosing) : none;
  if (outer == none)
    return false;
  for (OpId i = made + 1; i < function.ops.size(); ++i)
    if (function.ops[i].kind != OpKind::destroy && function.ops[i].kind != OpKind::ret)
      return false;
  const Function &around = program.functions[outer];
  for (const Operation &closure : around.ops) {
    if (closure.kind != OpKind::closure || closure.callee != function.entity)
      continue;
    const Operation *user = &closure;
    while (user->use.kind == UseKind::argument && user->use.user != none) { // perhaps through a std::function
      user = &around.ops[user->use.user];
      if (expects(library.function(*user)))
        return true;
    }
  }
  return false;
}

void find_in(const Program &program, const Library &library, FunctionId f, std::vector<Dropped> &out) {
  const Function &function = program.functions[f];
  std::map<OpId, LocalId> candidates;
  std::map<OpId, OpId> boxes; // what makes the box → what makes the awaitable in it
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    if (!program.reachable(f, i))
      continue;
    if (OpId inside = boxed(program, library, f, op); inside != none)
      boxes[i] = inside;
    else if (!makes_awaitable(program, library, f, op))
      continue;
    else if (op.use.kind == UseKind::discarded)
      out.push_back({f, i, DropKind::discarded, none, none, exception_expected(program, library, f, i)});
    // Objects that are constructed by name are things of their own: events, timers that others wait for.
    if (op.kind == OpKind::construct && !boxes.count(i) && !takes_over(program, function, op))
      continue;
    if (LocalId l = holder(program, function, i); l != none && !aliased(program, function, l))
      candidates[i] = l;
  }
  if (candidates.empty())
    return;
  PendingFlow flow(program, library, f, candidates);
  Solution<PendingFlow> solution = solve(function, flow);
  std::map<OpId, OpId> lost = flow.lost(), without_iteration = flow.lost_without_iteration();
  // What has no destructor to run is lost where the function ends. (What has one is destroyed on every path that does
  // not end in a noreturn call.)
  if (function.blocks.size() > 1 && solution.at_entry[1])
    for (const auto &[made, pending] : solution.at_entry[1]->pending)
      if (!program.types[program.strip_references(function.ops[made].type)].nontrivial_destructor)
        (pending.skipped_loop ? without_iteration : lost).try_emplace(made, none);
  auto report = [&](OpId made, DropKind kind, OpId lost_at) {
    auto box = boxes.find(made);
    out.push_back({f, box == boxes.end() ? made : box->second, kind, candidates.at(made), lost_at});
  };
  for (auto [made, local] : candidates) {
    if (auto it = flow.overwritten().find(made); it != flow.overwritten().end())
      report(made, DropKind::overwritten, it->second);
    else if (auto end = lost.find(made); end != lost.end())
      report(made, flow.looked_at(made) ? DropKind::some_path : DropKind::never_used, end->second);
    else if (auto end = without_iteration.find(made); end != without_iteration.end())
      report(made, DropKind::no_iteration, end->second);
  }
}

} // namespace

std::vector<Dropped> find_dropped(const Program &program, const Library &library) {
  std::vector<Dropped> out;
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (program.functions[f].user_code)
      find_in(program, library, f, out);
  std::sort(out.begin(), out.end(),
            [](const Dropped &a, const Dropped &b) { return std::tie(a.in, a.made) < std::tie(b.in, b.made); });
  return out;
}

} // namespace tenterhook::analysis
