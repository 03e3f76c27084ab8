// Questions and their answers, promises, awaits: each looks at one body and what it calls.
#include "readiness/ready.h"
#include <algorithm>
#include <functional>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

static constexpr unsigned most_depth = 6; // what gives what gives a ready thing

bool Readiness::known(FunctionId f, OpId i) const {
  const Operation &op = program_.functions[f].ops[i];
  return op.kind == OpKind::call && op.receiver.kind != OperandKind::unknown && known(f, i, op.receiver);
}

bool Readiness::known(FunctionId f, OpId i, const Operand &object) const {
  if (given(f, object))
    return true;
  if (object.kind != OperandKind::path)
    return false;
  AccessPath path = object.path.without_derefs();
  return guarded(f, i, path) || waited(f, i, path) || asserted(f, i, path) || resumed(f, path);
}

// f.wait(); use(f.get()): who waits twice for one thing waits once.
bool Readiness::waited(FunctionId f, OpId i, const AccessPath &object) const {
  const Function &function = program_.functions[f];
  for (OpId a = 0; a < function.ops.size(); ++a) {
    const Operation &before = function.ops[a];
    if (a == i || before.kind != OpKind::call || before.receiver.kind != OperandKind::path ||
        before.receiver.path.without_derefs() != object)
      continue;
    const FunctionModel *m = library_.function(before);
    if (m && m->joins && m->joins->kind == Subject::receiver && guards_(f).before(a, i) && !changed(f, object, a, i))
      return true;
  }
  return false;
}

void Readiness::collect() const {
  if (collected_)
    return;
  collected_ = true;
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    for (const LaterEdge &e : calls_.later(f))
      handed_[e.to].push_back({f, e.op});
    for (const Edge &e : calls_.edges(f))
      if (e.link == Link::callback)
        handed_[e.to].push_back({f, e.op});
    const Entity &entity = program_.entity_of(f);
    if (llvm::StringRef name = Library::last_name(program_.str(entity.qualified));
        entity.record != none && name.starts_with("await_"))
      awaiters_[entity.record][name.str()] = f;
  }
}

// An awaiter's await_resume runs when what its await_ready asked and its await_suspend handed on is there.
bool Readiness::resumed(FunctionId f, const AccessPath &object) const {
  const Entity &entity = program_.entity_of(f);
  if (object.root != RootKind::self || entity.record == none ||
      Library::last_name(program_.str(entity.qualified)) != "await_resume")
    return false;
  collect();
  auto names = [&](const Operand &o) {
    return o.kind == OperandKind::path && o.path.root == RootKind::self && o.path.without_derefs() == object;
  };
  std::function<bool(FunctionId, bool)> mentions = [&](FunctionId body, bool asks) {
    for (const Operation &op : program_.functions[body].ops) {
      if (asks) {
        const FunctionModel *m = op.kind == OpKind::call ? library_.function(op) : nullptr;
        if (m && (m->ready_if || m->ready_unless) && names(op.receiver))
          return true;
        continue;
      }
      if (names(op.receiver) || std::any_of(op.args.begin(), op.args.end(), names))
        return true;
      if (op.kind == OpKind::closure)
        if (FunctionId closure = program_.body_for(body, op.callee); closure != none && mentions(closure, false))
          return true;
    }
    return false;
  };
  auto it = awaiters_.find(entity.record);
  if (it == awaiters_.end())
    return false;
  auto suspend = it->second.find("await_suspend"), ready = it->second.find("await_ready");
  if (suspend == it->second.end() || !mentions(suspend->second, false) || ready == it->second.end())
    return false;
  const Function &question = program_.functions[ready->second];
  bool never = question.has_constant_return && question.constant_return == 0;
  return never || mentions(ready->second, true);
}

// f.then([](future<int> done) { done.get(); })
bool Readiness::given_as_argument(FunctionId f, const AccessPath &parameter) const {
  const Function &function = program_.functions[f];
  if (parameter.root != RootKind::local || !parameter.steps.empty() || parameter.id >= function.parameter_count)
    return false;
  collect();
  auto handed = handed_.find(f);
  if (handed == handed_.end() || !calls_.callers(f).empty())
    return false;
  return std::all_of(handed->second.begin(), handed->second.end(), [&](const auto &at) {
    const FunctionModel *m = library_.function(program_.functions[at.first].ops[at.second]);
    return m && m->ready_arguments;
  });
}

// `auto done = co_await result.resolve(); done.get()`: what an await on a result gives back as a result is ready.
bool Readiness::given_by_await(FunctionId f, const Operation &await, TypeId type, unsigned depth) const {
  if (await.args.empty())
    return false;
  auto awaited = library_.origins(f, await.args[0]);
  return !awaited.empty() && std::all_of(awaited.begin(), awaited.end(), [&](const Value &v) {
    if (v.operand.kind != OperandKind::result)
      return false;
    const Operation &call = program_.functions[v.function].ops[v.operand.op];
    if (call.kind != OpKind::call)
      return false;
    const FunctionModel *m = library_.function(call);
    return (m && m->gives_ready) || program_.record_behind(call.receiver.type) == type || given(v.function, v.operand, depth + 1);
  });
}

bool Readiness::given(FunctionId f, const Operand &object, unsigned depth) const {
  TypeId type = program_.record_behind(object.type);
  if (type == none || depth > most_depth)
    return false;
  if (object.kind == OperandKind::path && given_as_argument(f, object.path.without_derefs()))
    return true;
  auto origins = library_.origins(f, object);
  return !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
    if (v.operand.kind == OperandKind::path && given_as_argument(v.function, v.operand.path.without_derefs()))
      return true;
    if (v.operand.kind != OperandKind::result)
      return false;
    const Operation &made = program_.functions[v.function].ops[v.operand.op];
    if (made.kind == OpKind::await)
      return given_by_await(v.function, made, type, depth);
    if (made.kind != OpKind::call || made.callee == none)
      return false;
    if (const FunctionModel *m = library_.function(made); m && m->gives_ready)
      return true;
    FunctionId body = made.virtual_call ? none : program_.body_for(v.function, made.callee);
    if (body == none || program_.functions[body].coroutine)
      return false;
    bool any = false; // a function of the program that gives placeholders only
    for (const Operation &op : program_.functions[body].ops)
      if (op.kind == OpKind::ret && !op.args.empty()) {
        if (!given(body, op.args[0], depth + 1))
          return false;
        any = true;
      }
    return any;
  });
}

// loop.run_in_loop([&promise] { promise.set_value(1); }); promise.get_future().get(): on the loop's own thread the
// lambda has run by then, on any other it has not.
bool Readiness::perhaps_kept(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  auto calls = [&](FunctionId from, FunctionId closure) {
    std::vector<FunctionId> level{from};
    for (unsigned depth = 0; depth < 3; ++depth) {
      std::vector<FunctionId> next;
      for (FunctionId g : level)
        for (const Edge &e : calls_.edges(g)) {
          if (e.to == closure)
            return true;
          next.push_back(e.to);
        }
      level = std::move(next);
    }
    return false;
  };
  auto gives_away = [&](const Operation &op, const AccessPath &promise) {
    if (op.callee == none || (op.kind != OpKind::call && op.kind != OpKind::construct))
      return false;
    FunctionId body = program_.body_for(f, op.callee);
    if (body == none)
      return false;
    for (const Operand &arg : op.args)
      for (FunctionId closure : calls_.callable_targets(f, arg)) {
        const auto &captures = program_.functions[closure].captures;
        bool captured = std::any_of(captures.begin(), captures.end(), [&](const Capture &c) {
          return c.source.kind == OperandKind::path && c.source.path.without_derefs() == promise;
        });
        if (captured && calls(body, closure))
          return true;
      }
    return false;
  };
  for (const Value &v : library_.origins(f, function.ops[i].receiver)) {
    if (v.operand.kind != OperandKind::result || v.function != f)
      continue;
    const Operation &made = function.ops[v.operand.op];
    if (made.kind != OpKind::call || made.callee == none || made.receiver.path.root != RootKind::local)
      continue;
    AccessPath promise = made.receiver.path.without_derefs();
    for (OpId before = 0; before < i; ++before)
      if (gives_away(function.ops[before], promise))
        return true;
  }
  return false;
}

// `co_await group; }`: what its destructor waits for is over.
bool Readiness::awaited_before(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  const Operation &destroy = function.ops[i];
  if (destroy.kind != OpKind::destroy || !destroy.path.valid())
    return false;
  for (OpId a = 0; a < function.ops.size(); ++a) {
    const Operation &await = function.ops[a];
    if (await.kind != OpKind::await || await.args.empty() || await.args[0].kind != OperandKind::path ||
        await.args[0].path.without_derefs() != destroy.path.without_derefs())
      continue;
    if (guards_(f).before(a, i))
      return true;
  }
  return false;
}

} // namespace tenterhook::analysis
