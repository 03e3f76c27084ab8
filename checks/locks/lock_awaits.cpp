// Lock transfer: what an await does. The awaiter's three functions run in this coroutine's place: await_ready, then
// await_suspend, between which and await_resume the coroutine is suspended, unless one of the two says no.
#include "locks/lock_transfer.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// Whether await_ready is true, or await_suspend says at once "go on", whatever happens.
static bool never_suspends(const LockWorld &world, FunctionId f, const Operation &op) {
  const Program &program = world.program;
  // The value of the awaiter's field that a function of it gives, where it is made here and stays as it is.
  auto made_with = [&](const Answer &answer) -> std::optional<std::int64_t> {
    if (op.args.empty() || op.args[0].kind != OperandKind::result || op.operator_co_await != none || op.await_transform != none)
      return std::nullopt;
    PathStep step;
    step.kind = StepKind::field;
    step.field = static_cast<EntityId>(answer.value);
    AccessPath field = own_object();
    field.steps.push_back(step);
    return world.names.stable(field) ? initial_value(program, f, op.args[0].op, step.field) : std::nullopt;
  };
  if (op.await_ready != none) {
    if (FunctionId body = program.body_for(f, op.await_ready); body != none) {
      const Answer &answer = world.answers[body];
      if (answer.kind == Answer::constant && answer.value != 0)
        return true;
      if (answer.kind == Answer::field && made_with(answer).value_or(0) != 0)
        return true;
    }
    TypeId awaiter = program.entities[op.await_ready].record;
    const TypeModel *m = awaiter == none ? nullptr : world.library.type(awaiter);
    if (m && m->ready && *m->ready)
      return true;
  }
  FunctionId suspend = op.await_suspend == none ? none : program.body_for(f, op.await_suspend);
  if (suspend == none)
    return false;
  const Answer &answer = world.answers[suspend];
  TypeId result = program.strip_references(program.functions[suspend].return_type);
  if (result == none)
    return false;
  if (program.types[result].kind == TypeKind::boolean)
    return (answer.kind == Answer::constant && answer.value == 0) || (answer.kind == Answer::field && made_with(answer) == 0);
  return answer.kind == Answer::parameter && answer.value == 0; // its own handle: resumed at once
}

// A function of the awaiter's, where its body is seen. Cases then know what it answered.
bool LockTransfer::awaiter_step(OpId i, EntityId method, const Site &site, LockState &state) {
  FunctionId body = method == none ? none : program_.body_for(f_, method);
  return body != none && !program_.functions[body].coroutine && apply_summary(world_.summaries[body], body, site, state);
}

void LockTransfer::await(OpId i, LockState &state, LockState *suspended) {
  const Operation &op = function_.ops[i];
  const bool never = never_suspends(world_, f_, op);
  if (op.kind == OpKind::yield) {
    if (suspended && !never)
      *suspended = state;
    return;
  }
  if (suspended && !never)
    *suspended = state;
  if (awaited_call(i, state))
    return;
  const AccessPath awaiter = paths_.awaiter(i);
  const AccessPath operand = op.args.empty() ? AccessPath{} : path_of(op.args[0]);
  const std::vector<AccessPath> none_given, given{operand};
  const AccessPath made{RootKind::result, i, {analysis::awaiter_step()}, false};
  bool known = awaiter_step(i, op.await_transform, {i, {}, made, &given}, state);
  known |= awaiter_step(i, op.operator_co_await, {i, operand, made, &given}, state);
  const Truth answer = is_true(result_term(i));
  std::vector<LockCase> goes_on;
  auto split = [&](bool on, bool always) { // those that go on without suspension
    std::vector<LockCase> rest;
    for (LockCase &c : state.cases) {
      auto said = look_up(c.known, answer);
      forget_result(c.known, i);
      (always || (said && *said == on) ? goes_on : rest).push_back(std::move(c));
    }
    state.cases = std::move(rest);
  };
  Site site{i, awaiter, {}, &none_given};
  site.answers = true;
  known |= awaiter_step(i, op.await_ready, site, state);
  split(true, false);
  known |= awaiter_step(i, op.await_suspend, site, state);
  split(false, never);
  if (suspended)
    *suspended = state;
  state.cases.insert(state.cases.end(), std::make_move_iterator(goes_on.begin()), std::make_move_iterator(goes_on.end()));
  known |= awaiter_step(i, op.await_resume, {i, awaiter, home(i), &none_given}, state);
  if (!known)
    result_guard(i, state);
}

LockState LockTransfer::suspended(OpId i, LockState before) {
  LockState out;
  await(i, before, &out);
  out.capped |= before.capped;
  out.normalise();
  return out;
}

// A coroutine's body runs when it is awaited.
bool LockTransfer::awaited_call(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.args.empty())
    return false;
  const Operand *made = &op.args[0];
  if (made->kind == OperandKind::path && made->path.root == RootKind::local && made->path.steps.empty())
    made = &function_.locals[made->path.id].init; // a task that was kept
  if (made->kind != OperandKind::result)
    return false;
  const Operation &call = function_.ops[made->op];
  if (call.kind != OpKind::call)
    return false;
  const auto &creations = world_.calls.creations();
  const Creation first{f_, made->op, 0};
  std::vector<FunctionId> bodies;
  for (auto c = std::lower_bound(creations.begin(), creations.end(), first);
       c != creations.end() && c->in == f_ && c->op == made->op; ++c)
    bodies.push_back(c->coroutine);
  std::vector<AccessPath> args;
  for (const Operand &a : call.args)
    args.push_back(path_of(a));
  const AccessPath object = path_of(call.receiver);
  return run_one_of(bodies, call.virtual_call ? call.callee : none, object, {i, object, home(i), &args}, state,
                    call.virtual_call || bodies.size() > 1);
}

} // namespace tenterhook::analysis
