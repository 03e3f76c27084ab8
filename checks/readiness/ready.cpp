// Questions and their answers, promises, awaits: each looks at one body and what it calls.
#include "readiness/ready.h"
#include <algorithm>
#include <functional>
#include <set>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

bool Readiness::known(FunctionId f, OpId i) const {
  const Operation &op = program_.functions[f].ops[i];
  return op.kind == OpKind::call && op.receiver.kind != OperandKind::unknown && known(f, i, op.receiver);
}

bool Readiness::known(FunctionId f, OpId i, const Operand &object) const {
  if (given(f, object) || signalled(f, i, object))
    return true;
  if (object.kind != OperandKind::path) { // std::get<0>(futures_)
    auto origins = library_.origins(f, object);
    return !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
      const Operand *whole = &v.operand;
      if (whole->kind == OperandKind::result)
        whole = whole_of(program_.functions[v.function].ops[whole->op], program_.record_behind(object.type));
      return whole && whole->kind == OperandKind::path && resumed(v.function, whole->path.without_derefs());
    });
  }
  AccessPath path = object.path.without_derefs();
  return guarded(f, i, path) || waited(f, i, path) || asserted(f, i, path) || resumed(f, path);
}

// promise.set_value(1); future.get(): what the object stands for was signalled on every way here, and is still the same.
bool Readiness::signalled(FunctionId f, OpId i, const Operand &object) const {
  const Function &function = program_.functions[f];
  auto before = [&](const AccessPath &promise) {
    for (OpId s = 0; s < function.ops.size(); ++s) {
      const Operation &op = function.ops[s];
      const FunctionModel *m = op.kind == OpKind::call ? library_.function(op) : nullptr;
      if (m && m->signals && m->signals->kind == Subject::receiver && op.receiver.kind == OperandKind::path &&
          op.receiver.path.without_derefs() == promise && guards_(f).before(s, i) && !changed(f, promise, s, i))
        return true;
    }
    return false;
  };
  auto origins = library_.origins(f, object);
  return !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
    if (v.operand.kind != OperandKind::result || v.function != f)
      return false;
    const Operation &made = function.ops[v.operand.op];
    const FunctionModel *m = made.kind == OpKind::call ? library_.function(made) : nullptr;
    return m && m->result_stands_for && m->result_stands_for->kind == Subject::receiver &&
           made.receiver.kind == OperandKind::path && made.receiver.path.root == RootKind::local &&
           before(made.receiver.path.without_derefs());
  });
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
  for (const Creation &c : calls_.creations())
    created_[c.coroutine].push_back({c.in, c.op});
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

// An awaiter's await_resume runs when what its await_ready asked and its await_suspend handed on is there, in functions of the
// same object too, and in lambdas: std::apply([](auto &...f) { return (f.available() && ...); }, futures_).
bool Readiness::resumed(FunctionId f, const AccessPath &object) const {
  const Entity &entity = program_.entity_of(written_in(f));
  if (object.root != RootKind::self || entity.record == none ||
      Library::last_name(program_.str(entity.qualified)) != "await_resume")
    return false;
  collect();
  auto names = [&](const Operand &o) {
    return o.kind == OperandKind::path && o.path.root == RootKind::self && o.path.without_derefs() == object;
  };
  auto asks = [&](const Operation &op) {
    const FunctionModel *m = op.kind == OpKind::call ? library_.function(op) : nullptr;
    return m && (m->ready_if || m->ready_unless);
  };
  auto asks_each = [&](FunctionId body, const Operation &op) {
    return op.kind == OpKind::call && std::any_of(op.args.begin(), op.args.end(), names) &&
           std::any_of(op.args.begin(), op.args.end(), [&](const Operand &a) {
             auto closures = calls_.callable_targets(body, a);
             return std::any_of(closures.begin(), closures.end(), [&](FunctionId closure) {
               const auto &ops = program_.functions[closure].ops;
               return std::any_of(ops.begin(), ops.end(), asks);
             });
           });
  };
  std::set<FunctionId> seen;
  std::function<bool(FunctionId, bool)> mentions = [&](FunctionId body, bool question) {
    if (!seen.insert(body).second)
      return false;
    for (const Operation &op : program_.functions[body].ops) {
      if (question) {
        if ((asks(op) && names(op.receiver)) || asks_each(body, op))
          return true;
        continue;
      }
      if (names(op.receiver) || std::any_of(op.args.begin(), op.args.end(), names))
        return true;
      bool own = op.kind == OpKind::call && op.receiver.kind == OperandKind::path && op.receiver.path.root == RootKind::self &&
                 op.receiver.path.without_derefs().steps.empty();
      if (op.kind == OpKind::closure || own)
        if (FunctionId inner = program_.body_for(body, op.callee); inner != none && mentions(inner, false))
          return true;
    }
    return false;
  };
  auto method = [&](const char *name) { // of the class, or of one that it is derived from
    for (TypeId record : program_.with_bases(entity.record))
      if (auto it = awaiters_.find(record); it != awaiters_.end())
        if (auto found = it->second.find(name); found != it->second.end())
          return found->second;
    return none;
  };
  const FunctionId suspend = method("await_suspend"), ready = method("await_ready");
  if (suspend == none || ready == none || !mentions(suspend, false))
    return false;
  const Function &question = program_.functions[ready];
  seen.clear();
  bool never = question.has_constant_return && question.constant_return == 0;
  return never || mentions(ready, true);
}

// The function that the lambda, or the local class's method, is written in.
FunctionId Readiness::written_in(FunctionId f) const {
  for (EntityId outer = program_.functions[f].enclosing; outer != none; outer = program_.functions[f].enclosing) {
    FunctionId body = program_.body_for(f, outer);
    if (body == none || body == f)
      break;
    f = body;
  }
  return f;
}

// Whether what a call hands over is called with what is ready: f.then_wrapped([](future<int> done) { done.get(); }), and
// what follows a call that gives ready things, when_all(…).then([](std::tuple<…> done) { … }).
bool Readiness::hands_ready(FunctionId f, OpId i) const {
  const Operation &op = program_.functions[f].ops[i];
  const FunctionModel *m = library_.function(op);
  if (!m || m->callbacks.empty() || m->ready_arguments)
    return m && m->ready_arguments;
  auto origins = library_.origins(f, op.receiver);
  return !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
    if (v.operand.kind != OperandKind::result)
      return false;
    const Operation &made = program_.functions[v.function].ops[v.operand.op];
    const FunctionModel *gives = made.kind == OpKind::call ? library_.function(made) : nullptr;
    return gives && gives->gives_ready;
  });
}

// f.then([](future<int> done) { done.get(); }). Where the library's own bodies are in the program, as its headers' templates
// are, they call the lambda and hand it on: that is what its model says already. Whoever else does may pass anything.
bool Readiness::given_as_argument(FunctionId f, const AccessPath &parameter) const {
  const Function &function = program_.functions[f];
  if (parameter.root != RootKind::local || !parameter.steps.empty() || parameter.id >= function.parameter_count)
    return false;
  collect();
  auto handed = handed_.find(f);
  if (handed == handed_.end())
    return false;
  const FunctionId home = written_in(f);
  const FunctionModel *by = nullptr;
  for (const auto &at : handed->second)
    if (hands_ready(at.first, at.second))
      by = library_.function(program_.functions[at.first].ops[at.second]);
  if (!by)
    return false;
  auto by_library = [&](FunctionId g) {
    const FunctionId outer = written_in(g);
    return outer != home && Library::is_part_of(program_.qualified(program_.functions[outer].entity), *by);
  };
  return std::all_of(handed->second.begin(), handed->second.end(),
                     [&](const auto &at) { return hands_ready(at.first, at.second) || by_library(at.first); }) &&
         std::all_of(calls_.callers(f).begin(), calls_.callers(f).end(),
                     [&](const auto &caller) { return by_library(caller.first); });
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

// std::get<0>(done), done.front(), *done.begin(): what a library's function gives of its object or only argument is part of
// what it was given. Null for a new thing of type `type`.
const Operand *Readiness::whole_of(const Operation &made, TypeId type) const {
  if (made.kind != OpKind::call || made.callee == none || !program_.entities[made.callee].system ||
      (made.prvalue_result && program_.record_behind(made.type) == type))
    return nullptr;
  if (made.receiver.kind != OperandKind::unknown)
    return &made.receiver;
  return made.args.size() == 1 ? &made.args[0] : nullptr;
}

// Whether all that `object` holds is ready: what follows when_all is given a tuple or a vector of such.
bool Readiness::given_whole(FunctionId f, const Operand &object, TypeId type, unsigned depth) const {
  auto origins = library_.origins(f, object);
  return depth <= limit_of(Limit::givers) && !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
           if (v.operand.kind == OperandKind::path)
             return given_as_argument(v.function, {v.operand.path.root, v.operand.path.id, {}, false});
           if (v.operand.kind != OperandKind::result)
             return false;
           const Operation &made = program_.functions[v.function].ops[v.operand.op];
           if (made.kind == OpKind::await)
             return given_by_await(v.function, made, type, depth);
           const Operand *whole = whole_of(made, type);
           return whole && given_whole(v.function, *whole, type, depth + 1);
         });
}

// Whether everyone who calls f, or makes a coroutine of it, passes a ready thing: .then_wrapped([](future<int> done) {
// return handle(std::move(done)); }) for `handle`.
bool Readiness::given_by_callers(FunctionId f, const AccessPath &parameter, unsigned depth) const {
  if (parameter.root != RootKind::local || !parameter.steps.empty() || parameter.id >= program_.functions[f].parameter_count)
    return false;
  collect();
  if (handed_.count(f))
    return false;
  auto passes = [&](FunctionId caller, OpId i) {
    const Operation &op = program_.functions[caller].ops[i];
    return op.kind == OpKind::call && !op.virtual_call && op.callee != none && program_.body_for(caller, op.callee) == f &&
           parameter.id < op.args.size() && given(caller, op.args[parameter.id], depth + 1);
  };
  auto made = created_.find(f);
  const auto &callers = calls_.callers(f);
  if (made == created_.end() && callers.empty())
    return false;
  return std::all_of(callers.begin(), callers.end(),
                     [&](const auto &c) { return passes(c.first, calls_.edges(c.first)[c.second].op); }) &&
         (made == created_.end() ||
          std::all_of(made->second.begin(), made->second.end(), [&](const auto &at) { return passes(at.first, at.second); }));
}

bool Readiness::given(FunctionId f, const Operand &object, unsigned depth) const {
  TypeId type = program_.record_behind(object.type);
  if (depth > limit_of(Limit::givers))
    program_.limits().hit(Limit::givers, f);
  if (type == none || depth > limit_of(Limit::givers))
    return false;
  // Of an argument that holds ready things, done[1] and done.first are ready too.
  auto as_argument = [&](FunctionId in, const AccessPath &path) {
    return given_as_argument(in, {path.root, path.id, {}, false}) || given_by_callers(in, path.without_derefs(), depth);
  };
  if (object.kind == OperandKind::path && as_argument(f, object.path))
    return true;
  auto origins = library_.origins(f, object);
  return !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
    if (v.operand.kind == OperandKind::path && as_argument(v.function, v.operand.path))
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
    if (const Operand *whole = whole_of(made, type); whole && given_whole(v.function, *whole, type, depth + 1))
      return true;
    FunctionId body = made.virtual_call ? none : program_.body_for(v.function, made.callee);
    if (body == none)
      return false;
    if (program_.functions[body].coroutine) // one that starts at once and awaits nothing is over when it returns
      return program_.types[type].initial_suspend == InitialSuspend::eager &&
             std::none_of(program_.functions[body].ops.begin(), program_.functions[body].ops.end(),
                          [](const Operation &op) { return op.kind == OpKind::await || op.kind == OpKind::yield; });
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
