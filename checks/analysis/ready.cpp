// Questions and their answers, promises, awaits: each looks at one body and what it calls.
#include "analysis/ready.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

static bool contains_any(llvm::StringRef text, std::initializer_list<llvm::StringRef> words) {
  return std::any_of(words.begin(), words.end(), [&](llvm::StringRef w) { return text.contains_insensitive(w); });
}

// `if (f.wait_for(0s) == std::future_status::ready) use(f.get());` — a question about the same object, asked with a
// zero timeout or by name, decided the way here.
bool Readiness::known(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  const Operation &op = function.ops[i];
  if (op.kind != OpKind::call || op.receiver.kind == OperandKind::unknown)
    return false;
  if (awaited(f, op.receiver))
    return true;
  if (op.receiver.kind != OperandKind::path)
    return false;
  for (const Guards::Edge &edge : guards_(f).at(i)) {
    const Branch &branch = function.blocks[edge.from].branch;
    if (!branch.present || function.blocks[edge.from].succs.size() != 2 || branch.condition.kind != OperandKind::result)
      continue;
    const Operation &asked = function.ops[branch.condition.op];
    if (asked.kind != OpKind::call || asked.callee == none || asked.receiver.kind != OperandKind::path ||
        asked.receiver.path != op.receiver.path)
      continue;
    const FunctionModel *m = library_.function(asked);
    TypeId answer = program_.strip_references(asked.type);
    bool status = m && answer != none && program_.types[answer].kind == TypeKind::enumeration &&
                  std::any_of(m->blocks.begin(), m->blocks.end(),
                              [](const Blocks &c) { return c.cls == BlockClass::wait; });
    if (!status && !contains_any(Library::last_name(program_.qualified(asked.callee)), {"ready"}))
      continue;
    // future_status::ready is 0; a comparison with any other status holds if the future is not ready.
    bool if_holds = !status && (!branch.compares || branch.value != 0);
    if (edge.succ == (if_holds != branch.negated ? 0U : 1U))
      return true;
  }
  return asserted(f, i);
}

// `auto done = co_await result.resolve(); done.get()`: what an await on a result gives back as a result is ready.
bool Readiness::awaited(FunctionId f, const Operand &object) const {
  TypeId type = program_.record_behind(object.type);
  auto origins = library_.origins(f, object);
  auto on_the_same_class = [&](const Value &awaited) {
    if (awaited.operand.kind != OperandKind::result)
      return false;
    const Operation &call = program_.functions[awaited.function].ops[awaited.operand.op];
    return call.kind == OpKind::call && program_.record_behind(call.receiver.type) == type;
  };
  return type != none && !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
    if (v.operand.kind != OperandKind::result)
      return false;
    const Operation &await = program_.functions[v.function].ops[v.operand.op];
    if (await.kind != OpKind::await || await.args.empty())
      return false;
    auto awaited = library_.origins(v.function, await.args[0]);
    return !awaited.empty() && std::all_of(awaited.begin(), awaited.end(), on_the_same_class);
  });
}

// `assert_equal(result.status(), status::value); result.get();`: an assertion on the state of the same object.
bool Readiness::asserted(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  const Operation &op = function.ops[i];
  for (OpId a = 0; a < i; ++a) {
    const Operation &asked = function.ops[a];
    if (asked.kind != OpKind::call || asked.callee == none || asked.receiver.kind != OperandKind::path ||
        asked.receiver.path != op.receiver.path || asked.use.kind != UseKind::argument || asked.use.user == none)
      continue;
    TypeId answer = program_.strip_references(asked.type);
    const Operation &assertion = function.ops[asked.use.user];
    if (answer == none || program_.types[answer].kind != TypeKind::enumeration || assertion.callee == none ||
        !contains_any(Library::last_name(program_.qualified(asked.callee)), {"status", "state"}) ||
        !contains_any(Library::last_name(program_.qualified(assertion.callee)),
                      {"assert", "expect", "require", "verify", "check"}))
      continue;
    if (guards_(f).before(a, i))
      return true;
  }
  return false;
}

// `auto *executor = co_await current_executor(); if (!executor) sleep_for(…);`: without one, it is on no loop.
bool Readiness::without_executor(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  if (!function.coroutine)
    return false;
  for (const Guards::Edge &edge : guards_(f).at(i)) {
    const Branch &branch = function.blocks[edge.from].branch;
    if (!branch.present || function.blocks[edge.from].succs.size() != 2)
      continue;
    const TypeModel *m = library_.type(program_.record_behind(branch.condition.type));
    if (!m || !m->executor)
      continue;
    auto origins = library_.origins(f, branch.condition);
    bool its_own = !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
      return v.operand.kind == OperandKind::result &&
             program_.functions[v.function].ops[v.operand.op].kind == OpKind::await;
    });
    if (its_own && edge.succ == (branch.negated ? 0U : 1U))
      return true;
  }
  return false;
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
    if (made.kind != OpKind::call || made.callee == none || made.receiver.path.root != RootKind::local ||
        Library::last_name(program_.qualified(made.callee)) != "get_future")
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
