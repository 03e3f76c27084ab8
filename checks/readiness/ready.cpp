// Questions and their answers, promises, awaits: each looks at one body and what it calls.
#include "readiness/ready.h"
#include <algorithm>
#include <functional>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

static constexpr unsigned most_depth = 6; // helpers that ask helpers

// What is known of a block's condition where it went on to successor `succ`.
std::optional<Readiness::Answer> Readiness::answer(const Block &block, unsigned succ) const {
  const Branch &branch = block.branch;
  if (!branch.present || block.succs.size() != 2)
    return std::nullopt;
  bool holds = (succ == 0) != branch.negated;
  return branch.compares ? Answer{branch.value, holds} : Answer{0, !holds};
}

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
  return guarded(f, i, path, 0) || waited(f, i, path) || asserted(f, i) || resumed(f, path);
}

// `if (f.wait_for(0s) == std::future_status::ready) use(f.get());`: a question about the object decided the way here.
bool Readiness::guarded(FunctionId f, OpId i, const AccessPath &object, unsigned depth) const {
  for (const Guards::Edge &edge : guards_(f).at(i)) {
    const Block &block = program_.functions[f].blocks[edge.from];
    auto decided = answer(block, edge.succ);
    OpId asked = none;
    if (decided && means_ready(f, block.branch.condition, *decided, object, depth, &asked) &&
        (asked == none || !changed(f, object, asked, i)))
      return true;
  }
  return false;
}

// Whether the object is ready if a condition has this answer. `asked`: the question.
bool Readiness::means_ready(FunctionId f, const Operand &condition, Answer answer, const AccessPath &object, unsigned depth,
                            OpId *asked) const {
  if (depth > most_depth)
    return false;
  if (condition.kind == OperandKind::path) { // kept in a variable
    auto origins = library_.origins(f, condition);
    return origins.size() == 1 && origins[0].function == f && origins[0].operand.kind == OperandKind::result &&
           means_ready(f, origins[0].operand, answer, object, depth + 1, asked);
  }
  if (condition.kind != OperandKind::result)
    return false;
  const Operation &question = program_.functions[f].ops[condition.op];
  if (question.kind != OpKind::call)
    return false;
  *asked = condition.op;
  if (const FunctionModel *m = library_.function(question); m && (m->ready_if || m->ready_unless)) {
    if (question.receiver.kind != OperandKind::path || question.receiver.path.without_derefs() != object)
      return false;
    // Of the answers that are none, it is the one that is not ready that programs ask for.
    return m->ready_if ? (answer.value == *m->ready_if) == answer.equal : (answer.value == *m->ready_unless) != answer.equal;
  }
  auto bodies = calls_.callable_targets(f, question.receiver); // a lambda
  FunctionId body = question.callee == none || question.virtual_call ? none : program_.body_for(f, question.callee);
  if (body == none && bodies.size() == 1)
    body = bodies[0];
  auto there = body == none || program_.functions[body].coroutine ? std::nullopt : inside(f, question, body, object);
  return there && returns_ready(body, answer, *there, depth + 1);
}

// Whether a function gives this answer only if the object is ready.
bool Readiness::returns_ready(FunctionId f, Answer answer, const AccessPath &object, unsigned depth) const {
  const Function &function = program_.functions[f];
  bool any = false;
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    if (op.kind != OpKind::ret || op.args.empty() || !program_.reachable(f, i))
      continue;
    auto value = library_.constant(f, op.args[0]);
    if (value && (*value == answer.value) != answer.equal)
      continue;
    OpId asked = none;
    if (!guarded(f, i, object, depth) && (value || !means_ready(f, op.args[0], answer, object, depth, &asked)))
      return false;
    any = true;
  }
  return any;
}

// What an object of `f` is called in a body that `call` runs.
std::optional<AccessPath> Readiness::inside(FunctionId f, const Operation &call, FunctionId body, const AccessPath &object) const {
  const Function &callee = program_.functions[body];
  auto below = [&](const Operand &outer, AccessPath inner) -> std::optional<AccessPath> {
    AccessPath path = outer.path.without_derefs();
    if (outer.kind != OperandKind::path || path.root != object.root || path.id != object.id || path.steps.size() > object.steps.size() ||
        !std::equal(path.steps.begin(), path.steps.end(), object.steps.begin()))
      return std::nullopt;
    inner.steps.insert(inner.steps.end(), object.steps.begin() + static_cast<std::ptrdiff_t>(path.steps.size()), object.steps.end());
    return inner;
  };
  for (std::uint32_t a = 0; a < call.args.size() && a < callee.parameter_count; ++a)
    if (auto path = below(call.args[a], {RootKind::local, a, {}, false}))
      return path;
  for (std::uint32_t c = 0; c < callee.captures.size(); ++c)
    if (auto path = below(callee.captures[c].source, {RootKind::capture, c, {}, false}))
      return path;
  if (object.root == RootKind::global)
    return object;
  if (callee.lambda && object.root == RootKind::self) // the captured `this`
    return object;
  if (!callee.lambda)
    return below(call.receiver, {RootKind::self, none, {}, false});
  return std::nullopt;
}

// Whether the object may be another one at `to` than it was at `from`, on a way that does not come by `from` again.
bool Readiness::changed(FunctionId f, const AccessPath &object, OpId from, OpId to) const {
  const Function &function = program_.functions[f];
  auto changes = [&](OpId i) {
    const Operation &op = function.ops[i];
    if (op.kind == OpKind::access)
      return op.access & static_cast<unsigned>(AccessKind::write) && op.path.without_derefs() == object;
    if (op.kind == OpKind::construct && op.path.without_derefs() == object)
      return true;
    if (op.use.kind == UseKind::stored && op.use.target.without_derefs() == object)
      return true;
    return op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path &&
           op.receiver.path.without_derefs() == object && Library::last_name(program_.qualified(op.callee)) == "operator=";
  };
  // Forwards from `from`; what is reached behind a change is marked.
  struct At {
    BlockId block;
    bool changed;
  };
  BlockId start = guards_(f).block(from);
  if (start == none)
    return true;
  std::set<std::pair<BlockId, bool>> seen;
  std::vector<At> work;
  auto run = [&](BlockId b, OpId first, bool is_changed) { // whether a changed object arrives at `to`
    for (OpId i = first; i < function.blocks[b].first + function.blocks[b].count; ++i) {
      if (i == from)
        return false;
      if (i == to)
        return is_changed;
      is_changed |= changes(i);
    }
    for (BlockId next : function.blocks[b].succs)
      if (next != none && seen.insert({next, is_changed}).second)
        work.push_back({next, is_changed});
    return false;
  };
  if (run(start, from + 1, false))
    return true;
  while (!work.empty()) {
    At at = work.back();
    work.pop_back();
    if (run(at.block, function.blocks[at.block].first, at.changed))
      return true;
  }
  return false;
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

// `assert_equal(result.status(), status::value); result.get();`: an assertion on what the object answers.
bool Readiness::asserted(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  const Operation &op = function.ops[i];
  for (OpId a = 0; a < i; ++a) {
    const Operation &asked = function.ops[a];
    if (asked.kind != OpKind::call || asked.callee == none || asked.receiver.kind != OperandKind::path ||
        asked.receiver.path != op.receiver.path || asked.use.kind != UseKind::argument || asked.use.user == none)
      continue;
    const FunctionModel *question = library_.function(asked);
    const FunctionModel *assertion = library_.function(function.ops[asked.use.user]);
    if (question && (question->ready_if || question->ready_unless) && assertion && assertion->asserts && guards_(f).before(a, i))
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
    if (llvm::StringRef name = Library::last_name(program_.str(entity.qualified)); entity.record != none && name.starts_with("await_"))
      awaiters_[entity.record][name.str()] = f;
  }
}

// An awaiter's await_resume runs when what its await_ready asked and its await_suspend handed on is there.
bool Readiness::resumed(FunctionId f, const AccessPath &object) const {
  const Entity &entity = program_.entity_of(f);
  if (object.root != RootKind::self || entity.record == none || Library::last_name(program_.str(entity.qualified)) != "await_resume")
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

// loop.running_in_this_thread(), or `std::this_thread::get_id() == id_`, or a function of the program that gives that.
bool Readiness::asks_thread(const Value &value, unsigned depth) const {
  if (value.operand.kind != OperandKind::result || depth > most_depth)
    return false;
  const Operation &op = program_.functions[value.function].ops[value.operand.op];
  if (op.kind != OpKind::call || op.callee == none)
    return false;
  if (const FunctionModel *m = library_.function(op); m && m->asks_thread)
    return true;
  if (Library::last_name(program_.qualified(op.callee)) == "operator==")
    return std::any_of(op.args.begin(), op.args.end(), [&](const Operand &arg) {
      const FunctionModel *m = arg.kind == OperandKind::result ? library_.function(program_.functions[value.function].ops[arg.op]) : nullptr;
      return m && m->current_thread;
    });
  FunctionId body = op.virtual_call ? none : program_.body_for(value.function, op.callee);
  bool any = false;
  if (body != none)
    for (const Operation &ret : program_.functions[body].ops)
      if (ret.kind == OpKind::ret && !ret.args.empty()) {
        if (!asks_thread({body, ret.args[0]}, depth + 1))
          return false;
        any = true;
      }
  return any;
}

// `auto *executor = co_await current_executor(); if (!executor) sleep_for(…);`: without one, it is on no loop.
// `if (!loop.running_in_this_thread()) done.get();`: not on that one.
bool Readiness::off_loop(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  for (const Guards::Edge &edge : guards_(f).at(i)) {
    const Block &block = function.blocks[edge.from];
    auto decided = answer(block, edge.succ);
    if (!decided || decided->value != 0 || !decided->equal) // only where it is false, or null
      continue;
    const Operand &condition = block.branch.condition;
    auto origins = library_.origins(f, condition);
    auto all = [&](auto test) {
      return !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
        return v.operand.kind == OperandKind::result && test(program_.functions[v.function].ops[v.operand.op]);
      });
    };
    const TypeModel *m = library_.type(program_.record_behind(condition.type));
    if (function.coroutine && m && m->executor && all([](const Operation &op) { return op.kind == OpKind::await; }))
      return true;
    if (!origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) { return asks_thread(v, 0); }))
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
