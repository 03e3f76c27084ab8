// Waits that do not wait: what a function knows about the thing that it waits for, and about its own thread.
#include "analysis/blocking.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

bool behind_edge(const Function &function, BlockId block, BlockId from, unsigned succ) {
  std::vector<bool> seen(function.blocks.size(), false);
  std::vector<BlockId> work{0};
  while (!work.empty()) {
    BlockId b = work.back();
    work.pop_back();
    if (seen[b])
      continue;
    seen[b] = true;
    for (unsigned i = 0; i < function.blocks[b].succs.size(); ++i)
      if (BlockId s = function.blocks[b].succs[i]; s != none && !(b == from && (succ == none || i == succ)))
        work.push_back(s);
  }
  return !seen[block];
}

BlockId block_of(const Function &function, OpId op) {
  for (BlockId b = 0; b < function.blocks.size(); ++b)
    if (function.blocks[b].first <= op && op < function.blocks[b].first + function.blocks[b].count)
      return b;
  return none;
}

static bool contains_any(llvm::StringRef text, std::initializer_list<llvm::StringRef> words) {
  return std::any_of(words.begin(), words.end(), [&](llvm::StringRef w) { return text.contains_insensitive(w); });
}

// `if (f.wait_for(0s) == std::future_status::ready) use(f.get());` — a question about the same object, asked with a
// zero timeout or by name, decided the way here.
bool Blocking::known_ready(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  const Operation &op = function.ops[i];
  if (op.kind != OpKind::call || op.receiver.kind == OperandKind::unknown)
    return false;
  if (awaited_done(f, op.receiver))
    return true;
  BlockId here = op.receiver.kind == OperandKind::path ? block_of(function, i) : none;
  if (here == none)
    return false;
  for (BlockId b = 0; b < function.blocks.size(); ++b) {
    const Branch &branch = function.blocks[b].branch;
    if (!branch.present || function.blocks[b].succs.size() != 2 || branch.condition.kind != OperandKind::result)
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
    if (behind_edge(function, here, b, if_holds != branch.negated ? 0 : 1))
      return true;
  }
  return asserted_done(f, i);
}

// `auto done = co_await result.resolve(); done.get()`: what an await on a result gives back as a result is ready.
bool Blocking::awaited_done(FunctionId f, const Operand &object) const {
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
bool Blocking::asserted_done(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  const Operation &op = function.ops[i];
  BlockId here = block_of(function, i);
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
    BlockId before = block_of(function, a);
    if (before == here || (before != none && here != none && behind_edge(function, here, before, none)))
      return true;
  }
  return false;
}

// Whoever asks for O_NONBLOCK opens a pipe or a device: that does not wait.
bool Blocking::opens_without_waiting(FunctionId f, const Operation &op) const {
  const FunctionModel *m = library_.function(op);
  return m && m->opens_descriptor && std::any_of(m->opens_nonblocking_when.begin(), m->opens_nonblocking_when.end(),
                                                 [&](const Condition &c) { return library_.holds(f, op, c); });
}

// `auto *executor = co_await current_executor(); if (!executor) sleep_for(…);`: without one, it is on no loop.
bool Blocking::without_executor(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  BlockId here = function.coroutine ? block_of(function, i) : none;
  if (here == none)
    return false;
  for (BlockId b = 0; b < function.blocks.size(); ++b) {
    const Branch &branch = function.blocks[b].branch;
    if (!branch.present || function.blocks[b].succs.size() != 2)
      continue;
    const TypeModel *m = library_.type(program_.record_behind(branch.condition.type));
    if (!m || !m->executor)
      continue;
    auto origins = library_.origins(f, branch.condition);
    bool its_own = !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
      return v.operand.kind == OperandKind::result &&
             program_.functions[v.function].ops[v.operand.op].kind == OpKind::await;
    });
    if (its_own && behind_edge(function, here, b, branch.negated ? 0 : 1))
      return true;
  }
  return false;
}

// loop.run_in_loop([&promise] { promise.set_value(1); }); promise.get_future().get(): on the loop's own thread the
// lambda has run by then, on any other it has not.
bool Blocking::maybe_fulfilled(FunctionId f, OpId i) const {
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

// Whether the loop runs in a thread that one object keeps for itself: worker_.loop()->post(…). What else runs there is
// that object's own business.
bool Blocking::own_thread(const Origin &origin) const {
  const Operation &op = program_.functions[origin.in].ops[origin.op];
  auto from_a_thread = [&](const Operand &executor) {
    for (const Value &v : library_.origins(origin.in, executor)) {
      AccessPath path = v.operand.path.without_derefs(); // thread.loop()->post(…)
      bool pointed_to = v.operand.kind == OperandKind::path && path.root == RootKind::result && path.steps.empty();
      if (v.operand.kind != OperandKind::result && !pointed_to)
        continue;
      const Operation &made = program_.functions[v.function].ops[pointed_to ? path.id : v.operand.op];
      TypeId type = made.kind == OpKind::call ? program_.record_behind(made.receiver.type) : none;
      if (type == none || made.receiver.kind != OperandKind::path)
        continue;
      AccessPath thread = made.receiver.path.without_derefs();
      bool kept = !thread.steps.empty() ? thread.steps.back().kind == StepKind::field : thread.root == RootKind::local;
      if (kept && Library::last_name(program_.str(program_.types[type].qualified)).ends_with_insensitive("thread"))
        return true;
    }
    return false;
  };
  return from_a_thread(op.receiver) || std::any_of(op.args.begin(), op.args.end(), from_a_thread);
}

// `explicit Resolver(Loop *loop = nullptr) { if (!loop) loop = own_loop(); }`: made only where null was given.
void Blocking::require_null(FunctionId f, OpId i, std::vector<Decisive> &unless) const {
  const Function &function = program_.functions[f];
  BlockId here = none;
  for (BlockId b = 0; b < function.blocks.size(); ++b) {
    const Branch &branch = function.blocks[b].branch;
    if (!branch.present || function.blocks[b].succs.size() != 2 || branch.condition.kind != OperandKind::path ||
        branch.condition.path.root != RootKind::local || !branch.condition.path.steps.empty() ||
        branch.condition.path.id >= function.parameter_count || (branch.compares && branch.value != 0))
      continue;
    LocalId p = branch.condition.path.id;
    TypeId type = program_.strip_references(function.locals[p].type);
    if (type == none || program_.types[type].kind != TypeKind::pointer)
      continue;
    if (here == none)
      here = block_of(function, i);
    if (here != none && behind_edge(function, here, b, branch.negated ? 0 : 1))
      unless.push_back({p, {}, Decisive::null});
  }
}

// `co_await group; }`: what its destructor waits for is over.
bool Blocking::awaited_before(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  const Operation &destroy = function.ops[i];
  if (destroy.kind != OpKind::destroy || !destroy.path.valid())
    return false;
  BlockId here = block_of(function, i);
  for (OpId a = 0; a < function.ops.size(); ++a) {
    const Operation &await = function.ops[a];
    if (await.kind != OpKind::await || await.args.empty() || await.args[0].kind != OperandKind::path ||
        await.args[0].path.without_derefs() != destroy.path.without_derefs())
      continue;
    BlockId before = block_of(function, a);
    if (before == none || here == none)
      continue;
    if (before == here ? a < i : behind_edge(function, here, before, none))
      return true;
  }
  return false;
}

} // namespace tenterhook::analysis
