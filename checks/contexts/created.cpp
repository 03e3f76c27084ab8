// Who runs the coroutines that functions create: what becomes of the object that the call gives.
#include "contexts/contexts.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// Who runs the coroutine that operation `op` of `in` creates (or whose value it passes through)?
void Contexts::follow(FunctionId coroutine, FunctionId in, OpId i) {
  const Function &function = program_.functions[in];
  const Operation &op = function.ops[i];
  auto unseen = [&] { runs_.push_back({coroutine, in, i, context_unseen, false}); };
  if (!followed_.insert({coroutine, in, i}).second)
    return; // another way led here
  auto handed_to = [&](OpId user, bool as_receiver) {
    if (user == none)
      return unseen();
    const Operation &to = function.ops[user];
    const FunctionModel *m = library_.function(to);
    if (m) {
      const CallbackClause *clause = nullptr;
      if (as_receiver)
        clause = receiver_clause(library_, *m, in, to);
      for (unsigned a = 0; a < to.args.size() && !clause && !as_receiver; ++a)
        if (to.args[a].kind == OperandKind::result && to.args[a].op == i)
          clause = callback_clause(library_, *m, in, to, a);
      if (clause && clause->in_place && as_receiver) { // task.resume()
        runs_.push_back({coroutine, in, user, context_inherited, false, true});
        return;
      }
      if (clause)
        return run_on(coroutine, in, user,
                      clause->in_place ? static_cast<ContextMask>(context_inherited) : where(in, to, clause->on));
    }
    if (library_.runs_awaitable(to)) {
      runs_.push_back({coroutine, in, user, context_inherited, true, Library::is_of_a_library(m)});
      return;
    }
    if (as_receiver && resumes(in, to)) {
      runs_.push_back({coroutine, in, user, context_inherited, false, true});
      return;
    }
    // A combinator (when_all, timeout): what becomes of its result becomes of this.
    TypeId result = program_.strip_references(to.type);
    if (result != none && (program_.types[result].awaitable || program_.types[result].coroutine))
      return follow(coroutine, in, user);
    unseen();
  };
  switch (op.use.kind) {
  case UseKind::awaited: runs_.push_back({coroutine, in, op.use.user == none ? i : op.use.user, context_inherited, true}); return;
  case UseKind::argument: return handed_to(op.use.user, false);
  case UseKind::receiver: return handed_to(op.use.user, true);
  case UseKind::stored:
    if (op.use.target.root == RootKind::local && op.use.target.steps.empty())
      return follow_local(coroutine, in, op.use.target.id);
    return unseen();
  case UseKind::returned: { // a wrapper: its callers decide
    bool any = false;
    for (auto [caller, edge] : calls_.callers(in)) {
      any = true;
      follow(coroutine, caller, calls_.edges(caller)[edge].op);
    }
    for (FunctionId f = 0; !any && f < program_.functions.size(); ++f)
      for (const LaterEdge &e : calls_.later(f))
        if (e.to == in) { // co_spawn(pool, [] { return session(); }, detached)
          run_on(coroutine, f, e.op, later_on(f, e));
          any = true;
        }
    if (!any)
      unseen();
    return;
  }
  case UseKind::discarded:
  case UseKind::voided:
    runs_.push_back({coroutine, in, i, context_inherited, false}); // an eager one starts here
    return;
  default: return unseen();
  }
}

void Contexts::follow_local(FunctionId coroutine, FunctionId in, LocalId local) {
  const Function &function = program_.functions[in];
  bool any = false;
  auto is_it = [&](const Operand &o) { return o.kind == OperandKind::path && o.path.is_local(local); };
  auto is_handle = [&](TypeId t) { // a copy, of another type
    t = t == none ? none : program_.record_behind(t);
    return t != none && is_coroutine_handle(program_, t);
  };
  auto part = [&](const Operand &o) { // the handle in it
    return o.kind == OperandKind::path && o.path.root == RootKind::local && o.path.id == local && !o.path.steps.empty();
  };
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    if (op.kind == OpKind::closure)
      any |= follow_captured(coroutine, in, op, local);
    if (op.kind == OpKind::call && part(op.receiver) && resumes_coroutine(program_, op)) {
      runs_.push_back({coroutine, in, i, context_inherited, false, true});
      any = true;
    } else if ((op.kind == OpKind::call || op.kind == OpKind::construct) &&
               (llvm::any_of(op.args, part) || (part(op.receiver) && is_handle(op.type)))) {
      runs_.push_back({coroutine, in, i, context_unseen, false});
    }
    bool as_argument = false;
    unsigned index = 0;
    for (unsigned a = 0; a < op.args.size(); ++a)
      if (is_it(op.args[a]))
        as_argument = true, index = a;
    bool as_receiver = op.kind == OpKind::call && is_it(op.receiver);
    if (!as_argument && !as_receiver)
      continue;
    if (op.kind == OpKind::await) {
      runs_.push_back({coroutine, in, i, context_inherited, true});
      any = true;
      continue;
    }
    if (op.kind != OpKind::call && op.kind != OpKind::construct)
      continue;
    const FunctionModel *m = library_.function(op);
    const CallbackClause *clause = !m            ? nullptr
                                   : as_receiver ? receiver_clause(library_, *m, in, op)
                                                 : callback_clause(library_, *m, in, op, index);
    if (!clause && library_.runs_awaitable(op)) {
      runs_.push_back({coroutine, in, i, context_inherited, true, Library::is_of_a_library(m)});
      any = true;
      continue;
    }
    if (as_receiver && (clause ? clause->in_place : resumes(in, op))) {
      runs_.push_back({coroutine, in, i, context_inherited, false, true});
      any = true;
      continue;
    }
    if (clause) {
      run_on(coroutine, in, i, clause->in_place ? static_cast<ContextMask>(context_inherited) : where(in, op, clause->on));
      any = true;
      continue;
    }
    TypeId result = program_.strip_references(op.type);
    if (op.use.kind != UseKind::other && result != none &&
        (program_.types[result].awaitable || program_.types[result].coroutine)) {
      follow(coroutine, in, i);
      any = true;
    }
  }
  if (!any)
    runs_.push_back({coroutine, in, 0, context_unseen, false});
}

// std::thread([h = task.handle] { h.resume(); }): it runs where the lambda does, until it suspends.
bool Contexts::follow_captured(FunctionId coroutine, FunctionId in, const Operation &closure, LocalId local) {
  const FunctionId lambda = closure.callee == none ? none : program_.body_for(in, closure.callee);
  bool any = false;
  for (std::uint32_t c = 0; lambda != none && c < program_.functions[lambda].captures.size(); ++c) {
    const Operand &source = program_.functions[lambda].captures[c].source;
    if (source.kind != OperandKind::path || source.path.root != RootKind::local || source.path.id != local)
      continue;
    bool resumed = false;
    const Function &body = program_.functions[lambda];
    for (OpId i = 0; i < body.ops.size(); ++i)
      if (const Operation &op = body.ops[i];
          resumes_coroutine(program_, op) && op.receiver.path.root == RootKind::capture && op.receiver.path.id == c) {
        runs_.push_back({coroutine, lambda, i, context_inherited, false, true});
        resumed = true;
      }
    if (!resumed && !source.path.steps.empty())
      runs_.push_back({coroutine, in, 0, context_unseen, false});
    any |= resumed;
  }
  return any;
}

} // namespace tenterhook::analysis
