// The call graph's callables: which bodies an operand may be, and who calls what it is given in place.
#include "calls/call_graph.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

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

// Of a constructor's arguments each is a part of its own: std::pair(f, g).
void CallGraph::find_bound() {
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    for (const Operation &op : program_.functions[f].ops) {
      if (op.kind != OpKind::call || op.args.size() < 2)
        continue;
      if (op.callee != none && program_.body_for(f, op.callee) != none)
        continue;
      for (unsigned a = 0; a + 1 < op.args.size(); ++a)
        if (may_be_callable(program_, library_, op.args[a]))
          for (FunctionId to : callable_targets(f, op.args[a]))
            bound_.set(to);
    }
}

bool CallGraph::fits(const Operation &call, FunctionId body) const {
  return bound_.test(body) || takes_arguments(program_, call, body);
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
