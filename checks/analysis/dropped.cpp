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

// Whether `op` makes an awaitable that somebody must await.
bool makes_awaitable(const Program &program, const Library &library, const Function &function, const Operation &op) {
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
  const FunctionModel *fm = library.function(op);
  return !(fm && fm->discard_allowed);
}

// The local that holds the value of operation `i` and nothing else but it; none if there is no such one.
LocalId holder(const Program &program, const Function &function, OpId i) {
  const Operation &op = function.ops[i];
  // Objects that are constructed by name are things of their own: events, timers that others wait for.
  if (op.kind == OpKind::construct || op.use.kind != UseKind::stored || op.use.target.root != RootKind::local ||
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

void find_in(const Program &program, const Library &library, FunctionId f, std::vector<Dropped> &out) {
  const Function &function = program.functions[f];
  std::map<OpId, LocalId> candidates;
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    if (!program.reachable(f, i) || !makes_awaitable(program, library, function, op))
      continue;
    if (op.use.kind == UseKind::discarded)
      out.push_back({f, i, DropKind::discarded, none, none});
    else if (LocalId l = holder(program, function, i); l != none && !aliased(program, function, l))
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
      if (!program.types[function.ops[made].type].nontrivial_destructor)
        (pending.skipped_loop ? without_iteration : lost).try_emplace(made, none);
  for (auto [made, local] : candidates) {
    if (auto it = flow.overwritten().find(made); it != flow.overwritten().end())
      out.push_back({f, made, DropKind::overwritten, local, it->second});
    else if (auto end = lost.find(made); end != lost.end())
      out.push_back({f, made, flow.looked_at(made) ? DropKind::some_path : DropKind::never_used, local, end->second});
    else if (auto end = without_iteration.find(made); end != without_iteration.end())
      out.push_back({f, made, DropKind::no_iteration, local, end->second});
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
