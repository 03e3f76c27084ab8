// Whether what decided the way to an operation says that something is ready, or that this thread is not the loop's, nor of
// its process.
//
// A condition is a formula: questions that models know or the program's own functions ask, comparisons with constants, `!`,
// `&&`, `||`, `?:`, kept in variables, in a switch. Of an answer that is known the formula gives answers of its parts.
#include "readiness/ready.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

static constexpr unsigned most_depth = 8; // formulas within formulas, variables kept in variables

void Readiness::learned(const Block &block, unsigned succ, llvm::function_ref<bool(const Operand &, Answer)> tell) {
  const Branch &branch = block.branch;
  if (!block.cases.empty() && !branch.compared.empty()) {
    // A case for each edge, in their order.
    if (succ < block.cases.size() && !block.cases[succ].otherwise) {
      if (const Case &c = block.cases[succ]; c.low == c.high)
        tell(branch.compared[0], {c.low, true});
      return;
    }
    for (const Case &c : block.cases) // none of those that are told apart
      if (!c.otherwise && c.low == c.high && !tell(branch.compared[0], {c.low, false}))
        return;
    return;
  }
  if (block.succs.size() != 2)
    return;
  if (branch.present) {
    bool holds = (succ == 0) != branch.negated;
    tell(branch.condition, branch.compares ? Answer{branch.value, holds} : Answer{0, !holds});
  } else if (branch.relation != Relation::none && branch.compared.size() == 2) {
    Operand comparison;
    comparison.kind = OperandKind::compare;
    comparison.relation = branch.relation;
    comparison.choices = branch.compared;
    tell(comparison, {0, succ != 0});
  }
}

// `if (f.wait_for(0s) == std::future_status::ready) use(f.get());`: a question about the object decided the way here.
bool Readiness::guarded(FunctionId f, OpId i, const Thing &thing) const {
  for (const Guards::Edge &edge : guards_.at(f, i)) {
    const Block &block = program_.functions[f].blocks[edge.from];
    bool no = false, yes = false;
    learned(block, edge.succ, [&](const Operand &condition, Answer answer) {
      // Of a `default:`, what is excluded: that it is not ready, say, but not that it is.
      bool excludes =
          !block.cases.empty() && !answer.equal && means(f, condition, {answer.value, true}, Asked{thing, i}) == Means::yes;
      bool says = means(f, condition, answer, Asked{thing, i}) == Means::yes;
      no |= excludes;
      yes |= says;
      return !no && (excludes || says); // else it is no question about this thing
    });
    if (yes && !no)
      return true;
  }
  return false;
}

// All parts must mean it, but those that cannot be.
template <class Parts, class Part> Readiness::Means Readiness::each(const Parts &parts, const Part &part) {
  Means all = Means::impossible;
  for (const auto &p : parts)
    if (Means one = part(p); one == Means::nothing)
      return Means::nothing;
    else if (one == Means::yes)
      all = one;
  return all;
}

// One part is enough.
template <class Parts, class Part> Readiness::Means Readiness::some(const Parts &parts, const Part &part) {
  Means any = Means::nothing;
  for (const auto &p : parts)
    if (Means one = part(p); one == Means::yes)
      return one;
    else if (one == Means::impossible)
      any = one;
  return any;
}

// What it means for the thing that `condition` has this answer where `asked.before` runs.
Readiness::Means Readiness::means(FunctionId f, const Operand &condition, Answer answer, Asked asked) const {
  if (++asked.depth > most_depth || ++*asked.steps > limit_of(Limit::formula)) {
    program_.limits().hit(Limit::formula, f);
    return Means::nothing;
  }
  const Answer yes{0, false}, no{0, true};
  bool holds = answer == yes || answer == Answer{1, true}; // of what is true or false
  auto part = [&](Answer a) { return [&, a](const Operand &o) { return means(f, o, a, asked); }; };
  if (!asked.thing && answer == no && is_no_executor(f, condition))
    return Means::yes;
  switch (condition.kind) {
  case OperandKind::constant: return (condition.value == answer.value) == answer.equal ? Means::nothing : Means::impossible;
  case OperandKind::null: return (answer.value == 0) == answer.equal ? Means::nothing : Means::impossible;
  case OperandKind::both: return holds ? some(condition.choices, part(yes)) : each(condition.choices, part(no));
  case OperandKind::either: return holds ? each(condition.choices, part(yes)) : some(condition.choices, part(no));
  case OperandKind::select: return each(condition.choices, part(answer));
  case OperandKind::compare:
    return condition.choices.size() == 2
               ? means_equal(f, condition.choices[0], condition.choices[1], condition.relation, holds, asked)
               : Means::nothing;
  case OperandKind::path: return means_kept(f, condition, answer, asked);
  case OperandKind::result: return means_asked(f, condition.op, answer, asked);
  default: return Means::nothing;
  }
}

// `left == right` is (or is not) so.
Readiness::Means Readiness::means_equal(FunctionId f, const Operand &left, const Operand &right, Relation relation, bool holds,
                                        const Asked &asked) const {
  if (relation != Relation::equal && relation != Relation::unequal) {
    const bool left_less = relation == Relation::less || relation == Relation::less_equal;
    const bool strictly = (relation == Relation::less || relation == Relation::greater) == holds;
    return left_less == holds ? means_more(f, right, left, strictly, asked) : means_more(f, left, right, strictly, asked);
  }
  bool equal = (relation == Relation::equal) == holds;
  if (!asked.thing && (is_this_thread(f, left) || is_this_thread(f, right)))
    return equal ? Means::nothing : Means::yes;
  if (auto value = library_.constant(f, right))
    return means(f, left, {*value, equal}, asked);
  if (auto value = library_.constant(f, left))
    return means(f, right, {*value, equal}, asked);
  return Means::nothing;
}

// `more > less`, or `>=`. Of answers that are numbers, those that programs compare count what is there: more than something
// is not none. A process number that is no more than 0, an error aside, is the one of the new process.
Readiness::Means Readiness::means_more(FunctionId f, const Operand &more, const Operand &less, bool strictly,
                                       const Asked &asked) const {
  if (asked.thing) {
    auto than = library_.constant(f, less);
    return !than || *than >= (strictly ? 0 : 1) ? means(f, more, {0, false}, asked) : Means::nothing;
  }
  auto than = library_.constant(f, more);
  return than && *than == (strictly ? 1 : 0) ? means(f, less, {0, true}, asked) : Means::nothing;
}

const Readiness::Written &Readiness::written(FunctionId f) const {
  auto [it, added] = written_.try_emplace(f);
  const Function &function = program_.functions[f];
  for (OpId i = 0; added && i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    Operand result;
    result.kind = OperandKind::result;
    result.op = i;
    if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write))
      if (AccessPath path = op.path.without_derefs(); !path.steps.empty())
        it->second[path].push_back({i, op.args.empty() ? Operand() : op.args[0]});
    if (op.use.kind == UseKind::stored)
      if (AccessPath path = op.use.target.without_derefs(); !path.steps.empty())
        it->second[path].push_back({i, result});
  }
  return it->second;
}

// Whether there is a way from an operation to itself.
bool Readiness::runs_again(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  const BlockId start = guards_(f).block(i);
  if (start == none)
    return true;
  std::vector<bool> seen(function.blocks.size());
  std::vector<BlockId> work{start};
  while (!work.empty()) {
    const BlockId b = work.back();
    work.pop_back();
    for (BlockId next : function.blocks[b].succs) {
      if (next == start)
        return true;
      if (next != none && !seen[next]) {
        seen[next] = true;
        work.push_back(next);
      }
    }
  }
  return false;
}

// Kept in a variable: whatever it was given.
Readiness::Means Readiness::means_kept(FunctionId f, const Operand &variable, Answer answer, const Asked &asked) const {
  AccessPath path = variable.path.without_derefs();
  if (!path.steps.empty()) { // in a member: what this function puts there
    const Written &all = written(f);
    auto it = all.find(path);
    if (it == all.end() || std::none_of(it->second.begin(), it->second.end(),
                                        [&](const auto &w) { return guards_(f).before(w.first, asked.before); }))
      return Means::nothing;
    return each(it->second, [&](const auto &w) { return means(f, w.second, answer, asked); });
  }
  auto origins = library_.origins(f, variable);
  // `if (n) n = read(…);`: not what the wait itself gives, unless it comes round again.
  if (asked.before != none && !runs_again(f, asked.before))
    llvm::erase_if(origins, [&](const Value &v) {
      return v.function == f && v.operand.kind == OperandKind::result && v.operand.op == asked.before;
    });
  return each(origins, [&](const Value &v) {
    bool itself = v.operand.kind == OperandKind::path && v.operand.path.without_derefs() == path;
    return v.function == f && !itself ? means(f, v.operand, answer, asked) : Means::nothing;
  });
}

// A call gave the answer.
Readiness::Means Readiness::means_asked(FunctionId f, OpId i, Answer answer, const Asked &asked) const {
  const Operation &question = program_.functions[f].ops[i];
  if (question.kind != OpKind::call)
    return Means::nothing;
  const FunctionModel *m = library_.function(question);
  if (!asked.thing && m && (m->asks_thread || m->forks))
    return answer == Answer{0, true} ? Means::yes : Means::nothing;
  auto still = [&](bool ready) {
    return ready && (!asked.thing || !changed(f, *asked.thing, i, asked.before)) ? Means::yes : Means::nothing;
  };
  if (asked.thing && m && (m->ready_if || m->ready_unless)) {
    if (question.receiver.kind != OperandKind::path || question.receiver.path.without_derefs() != *asked.thing)
      return Means::nothing;
    // Of the answers that are none, it is the one that is not ready that programs ask for.
    return still(m->ready_if ? (answer.value == *m->ready_if) == answer.equal
                             : (answer.value == *m->ready_unless) != answer.equal);
  }
  if (question.callee != none && question.args.size() == 2 && question.receiver.kind == OperandKind::unknown)
    if (llvm::StringRef name = Library::last_name(program_.qualified(question.callee));
        name == "operator==" || name == "operator!=") {
      bool holds = (answer.value == 0) != answer.equal;
      return means_equal(f, question.args[0], question.args[1], name == "operator==" ? Relation::equal : Relation::unequal, holds,
                         asked);
    }
  if (asked.thing && m && m->waits_for_events)
    return still((answer.equal ? answer.value > 0 : answer.value == 0) && polls(f, i, *asked.thing));
  const auto edges = calls_.edges(f); // sorted by operation
  auto first = std::lower_bound(edges.begin(), edges.end(), i, [](const Edge &e, OpId op) { return e.op < op; });
  auto last = first;
  while (last != edges.end() && last->op == i && last->link != Link::callback)
    ++last;
  Means all = each(llvm::make_range(first, last), [&](const Edge &e) {
    Thing there = asked.thing ? inside(f, question, e.to, *asked.thing) : std::nullopt;
    return there.has_value() == asked.thing.has_value() && returns_it(e.to, answer, there) ? Means::yes : Means::nothing;
  });
  return still(all == Means::yes);
}

// Whether a function gives this answer only if it is so.
bool Readiness::returns_it(FunctionId f, Answer answer, const Thing &thing) const {
  auto [it, added] = returns_.try_emplace({f, answer, thing}, false); // of a recursion: no
  if (!added)
    return it->second;
  const Function &function = program_.functions[f];
  bool any = false;
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    if (op.kind != OpKind::ret || op.args.empty() || !program_.reachable(f, i))
      continue;
    Means one = means(f, op.args[0], answer, Asked{thing, i});
    if (one == Means::impossible)
      continue;
    if (one == Means::nothing && !guarded(f, i, thing))
      return false;
    any = true;
  }
  if (any)
    returns_[{f, answer, thing}] = true;
  return any;
}

// What must be so for a function to return, as far as each way to its end goes through one choice.
const std::vector<Readiness::Known> &Readiness::needed_to_return(FunctionId f) const {
  auto [it, added] = needed_.try_emplace(f);
  if (!added)
    return it->second;
  const Function &function = program_.functions[f];
  std::optional<std::vector<Guards::Edge>> all;
  for (BlockId b = 0; b < function.blocks.size(); ++b) {
    const Block &block = function.blocks[b];
    bool throws = block.count != 0 && function.ops[block.first + block.count - 1].kind == OpKind::throw_;
    if (throws || !guards_(f).dominators().reached(b))
      continue;
    for (unsigned s = 0; s < block.succs.size(); ++s) {
      if (block.succs[s] != 1)
        continue;
      std::vector<Guards::Edge> way = guards_(f).into(b), common;
      if (block.succs.size() > 1)
        way.push_back({b, s});
      std::sort(way.begin(), way.end());
      if (all)
        std::set_intersection(all->begin(), all->end(), way.begin(), way.end(), std::back_inserter(common));
      all = all ? std::move(common) : std::move(way);
    }
  }
  if (all)
    for (const Guards::Edge &edge : *all)
      learned(function.blocks[edge.from], edge.succ, [&](const Operand &condition, Answer answer) {
        it->second.push_back({condition, answer});
        return true;
      });
  return it->second;
}

// A condition of a function in terms of what a call gives it; absent where it names anything else.
static std::optional<Operand> with_arguments(const Program &program, const Function &function, const Operand &condition,
                                             const Operation &call) {
  if (condition.kind == OperandKind::constant || condition.kind == OperandKind::null)
    return condition;
  if (condition.kind == OperandKind::path) {
    AccessPath path = condition.path.without_derefs();
    bool given =
        path.root == RootKind::local && path.steps.empty() && path.id < function.parameter_count && path.id < call.args.size();
    return given ? std::optional(call.args[path.id]) : std::nullopt;
  }
  Operand out = condition;
  if (condition.kind == OperandKind::result) { // an operator== of a class
    const Operation &op = function.ops[condition.op];
    if (op.kind != OpKind::call || op.callee == none || op.args.size() != 2 ||
        Library::last_name(program.qualified(op.callee)) != "operator==")
      return std::nullopt;
    out = {};
    out.kind = OperandKind::compare;
    out.relation = Relation::equal;
    out.choices = op.args;
  }
  for (Operand &choice : out.choices) {
    auto given = with_arguments(program, function, choice, call);
    if (!given)
      return std::nullopt;
    choice = std::move(*given);
  }
  return out.choices.empty() ? std::nullopt : std::optional(out);
}

// `assert_equal(result.status(), status::value); result.get();`: a function that returns only if it is so, by its model or
// by what it does.
bool Readiness::asserted(FunctionId f, OpId i, const AccessPath &object) const {
  const Function &function = program_.functions[f];
  for (OpId a = 0; a < function.ops.size(); ++a) {
    const Operation &assertion = function.ops[a];
    if (a == i || assertion.kind != OpKind::call || assertion.callee == none || assertion.args.empty() ||
        !guards_(f).before(a, i))
      continue;
    const FunctionModel *m = library_.function(assertion);
    for (const Operand &arg : assertion.args)
      if (const FunctionModel *question =
              m && m->asserts && arg.kind == OperandKind::result ? library_.function(function.ops[arg.op]) : nullptr;
          question && (question->ready_if || question->ready_unless) &&
          function.ops[arg.op].receiver.path.without_derefs() == object)
        return true;
    FunctionId body = assertion.virtual_call ? none : program_.body_for(f, assertion.callee);
    if (body == none || program_.functions[body].coroutine)
      continue;
    for (const Known &k : needed_to_return(body))
      if (auto here = with_arguments(program_, program_.functions[body], k.condition, assertion);
          here && means(f, *here, k.answer, Asked{object, i}) == Means::yes)
        return true;
  }
  return false;
}

// std::this_thread::get_id(), perhaps kept in a variable.
bool Readiness::is_this_thread(FunctionId f, const Operand &operand) const {
  auto origins = library_.origins(f, operand);
  return !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
    const FunctionModel *m =
        v.operand.kind == OperandKind::result ? library_.function(program_.functions[v.function].ops[v.operand.op]) : nullptr;
    return m && m->current_thread;
  });
}

// `auto *executor = co_await current_executor();`: without one, a coroutine is on no loop.
bool Readiness::is_no_executor(FunctionId f, const Operand &operand) const {
  const TypeModel *m = program_.functions[f].coroutine ? library_.type(program_.record_behind(operand.type)) : nullptr;
  auto origins = m && m->executor ? library_.origins(f, operand) : llvm::SmallVector<Value, 4>();
  return !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
    return v.operand.kind == OperandKind::result && program_.functions[v.function].ops[v.operand.op].kind == OpKind::await;
  });
}

// What an object of `f` is called in a body that `call` runs.
std::optional<AccessPath> Readiness::inside(FunctionId f, const Operation &call, FunctionId body,
                                            const AccessPath &object) const {
  const Function &callee = program_.functions[body];
  auto below = [&](const Operand &outer, AccessPath inner) -> std::optional<AccessPath> {
    AccessPath path = outer.path.without_derefs();
    if (outer.kind != OperandKind::path || path.root != object.root || path.id != object.id ||
        path.steps.size() > object.steps.size() || !std::equal(path.steps.begin(), path.steps.end(), object.steps.begin()))
      return std::nullopt;
    inner.steps.insert(inner.steps.end(), object.steps.begin() + static_cast<std::ptrdiff_t>(path.steps.size()),
                       object.steps.end());
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
    if (takes(program_, op) &&
        llvm::any_of(op.args, [&](const Operand &a) { return a.kind == OperandKind::path && a.path.without_derefs() == object; }))
      return true; // a descriptor: what was there is taken
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
      if (i == to && is_changed)
        return true;
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

} // namespace tenterhook::analysis
