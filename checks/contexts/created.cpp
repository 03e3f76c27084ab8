// Who runs the coroutines that the program creates: where an operation's result goes, and what takes it.
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
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    if (op.kind == OpKind::closure)
      any |= follow_captured(coroutine, in, op, local);
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
  if (!any || gives_handle_on(in, local))
    runs_.push_back({coroutine, in, 0, context_unseen, false});
}

// std::thread([h = task.handle] { h.resume(); }): it runs where the thread's lambda does, until it suspends. A thread that waits
// for events is a loop, whatever else it does, and who runs a lambda that is kept is not known here.
bool Contexts::follow_captured(FunctionId coroutine, FunctionId in, const Operation &closure, LocalId local) {
  const FunctionId lambda = closure.callee == none ? none : program_.body_for(in, closure.callee);
  if (lambda == none || !drives_alone(in, lambda))
    return false;
  bool any = false;
  const Function &body = program_.functions[lambda];
  for (OpId i = 0; i < body.ops.size(); ++i)
    if (const Operation &op = body.ops[i]; resumes_coroutine(program_, op) && captures(body, op.receiver, local)) {
      runs_.push_back({coroutine, lambda, i, context_inherited, false, true});
      any = true;
    }
  return any;
}

// Whether an operand is what a lambda has of a local variable of the function that it is written in.
bool Contexts::captures(const Function &lambda, const Operand &operand, LocalId local) const {
  if (operand.kind != OperandKind::path || operand.path.root != RootKind::capture || operand.path.id >= lambda.captures.size())
    return false;
  const Operand &source = lambda.captures[operand.path.id].source;
  return source.kind == OperandKind::path && source.path.root == RootKind::local && source.path.id == local;
}

// Whether a lambda is what a thread of its own begins with, which waits for no events.
bool Contexts::drives_alone(FunctionId in, FunctionId lambda) const {
  auto waits_for_events = [&](FunctionId f) {
    return llvm::any_of(program_.functions[f].ops, [&](const Operation &op) {
      const FunctionModel *m = op.kind == OpKind::call ? library_.function(op) : nullptr;
      return m && m->waits_for_events;
    });
  };
  return calls_.callers(lambda).empty() && !waits_for_events(lambda) &&
         llvm::none_of(calls_.edges(lambda), [&](const Edge &e) { return waits_for_events(e.to); }) &&
         llvm::any_of(calls_.later(in), [&](const LaterEdge &e) { return e.to == lambda && e.on == Executor::thread; });
}

// Whether somebody else than such lambdas has the handle in a local variable, too: it is resumed here, handed on or copied.
bool Contexts::gives_handle_on(FunctionId in, LocalId local) const {
  auto is_handle = [&](TypeId t) {
    t = t == none ? none : program_.record_behind(t);
    return t != none && is_coroutine_handle(program_, t);
  };
  auto part = [&](const Operand &o) {
    return o.kind == OperandKind::path && o.path.root == RootKind::local && o.path.id == local && !o.path.steps.empty();
  };
  return llvm::any_of(program_.functions[in].ops, [&](const Operation &op) {
    if (op.kind == OpKind::closure) {
      const FunctionId lambda = op.callee == none ? none : program_.body_for(in, op.callee);
      return lambda != none && !drives_alone(in, lambda) &&
             llvm::any_of(program_.functions[lambda].captures, [&](const Capture &c) {
               return part(c.source) || (c.source.kind == OperandKind::path && c.source.path.is_local(local));
             });
    }
    return (op.kind == OpKind::call || op.kind == OpKind::construct) &&
           (llvm::any_of(op.args, part) || (part(op.receiver) && (resumes_coroutine(program_, op) || is_handle(op.type))));
  });
}

} // namespace tenterhook::analysis
