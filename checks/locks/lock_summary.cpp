// Exit cases of a function, from the state at its end; and what functions answer on every path.
#include "locks/lock_summary.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

// What a case leaves to the callers of `function`.
static ExitCase leaves(const Program &program, const Function &function, const LockCase &c) {
  ExitCase e;
  e.released = c.released;
  for (const GuardState &g : c.guards) {
    const AccessPath &place = g.guard.valid() ? g.guard : g.locks.front();
    bool parameter = place.root == RootKind::local && place.id < function.parameter_count;
    if (place.root == RootKind::local && !parameter)
      continue; // destroyed, or a lock that dies here
    if (place.root == RootKind::result && place.id != none && g.guard.valid())
      continue; // a temporary guard
    bool untouched = g.held && g.assumed && g.since == none;
    if (place.root == RootKind::capture && g.guard.valid() && untouched)
      continue;
    if (parameter && g.guard.valid() && place.steps.empty()) {
      TypeKind kind = program.types[function.locals[place.id].type].kind;
      bool by_reference =
          kind == TypeKind::lvalue_reference || kind == TypeKind::rvalue_reference || kind == TypeKind::pointer;
      if (!by_reference || untouched)
        continue; // its own copy, gone with the call
      GuardState changed = g;
      changed.assumed = true;
      e.guards.push_back(changed);
      continue;
    }
    if (g.held || place == returned_object())
      e.guards.push_back(g);
  }
  if (auto value = look_up(c.known, is_true(returned_term())))
    e.returns = *value;
  for (const auto &[truth, holds] : c.known)
    if (truth.test == Test::runs &&
        (truth.of.path.root != RootKind::local || truth.of.path.id < function.parameter_count) &&
        truth.of.path.root != RootKind::result)
      e.choices.push_back({truth, holds});
  return e;
}

LockSummary summarise(const Program &program, const Function &function, const LockState &exit) {
  LockSummary summary;
  for (const LockCase &c : exit.cases)
    summary.exits.push_back(leaves(program, function, c));
  // Exits that do the same keep the choices that they agree on; where there are too many, the value is given up, too.
  auto merge = [&] {
    std::sort(summary.exits.begin(), summary.exits.end());
    std::vector<ExitCase> merged;
    for (ExitCase &e : summary.exits) {
      if (merged.empty() || std::tie(merged.back().guards, merged.back().released, merged.back().returns) !=
                                std::tie(e.guards, e.released, e.returns))
        merged.push_back(std::move(e));
      else
        std::erase_if(merged.back().choices, [&](const auto &t) {
          return std::find(e.choices.begin(), e.choices.end(), t) == e.choices.end();
        });
    }
    summary.exits = std::move(merged);
  };
  merge();
  if (std::none_of(summary.exits.begin(), summary.exits.end(),
                   [](const ExitCase &e) { return !e.guards.empty() || !e.released.empty(); }))
    return {};
  if (summary.exits.size() > LockLimits::exits) {
    for (ExitCase &e : summary.exits)
      e.returns.reset();
    merge();
  }
  if (summary.exits.size() > LockLimits::exits) {
    summary.exits.resize(LockLimits::exits);
    summary.capped = true;
  }
  return summary;
}

namespace {

class Answers {
public:
  Answers(const Program &program, FunctionId f, const std::vector<Answer> &known)
      : program_(program), f_(f), function_(program.functions[f]), known_(known) {}

  Answer find() const {
    if (function_.has_constant_return)
      return {Answer::constant, function_.constant_return};
    std::optional<Answer> all;
    for (OpId i = 0; i < function_.ops.size(); ++i) {
      const Operation &op = function_.ops[i];
      if (op.kind == OpKind::access && op.path.root == RootKind::local && op.path.steps.empty() &&
          op.path.id < function_.parameter_count && op.access & ~static_cast<unsigned>(AccessKind::read))
        return {}; // a parameter is another than it was
      if (op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path &&
          op.receiver.path.root == RootKind::local && op.receiver.path.id < function_.parameter_count &&
          Library::last_name(program_.qualified(op.callee)) == "operator=")
        return {};
      if (op.kind != OpKind::ret || !program_.reachable(f_, i))
        continue;
      Answer one = op.args.empty() ? Answer{} : of(op.args[0], 0);
      if (one.kind == Answer::unknown || (all && *all != one))
        return {};
      all = one;
    }
    return all.value_or(Answer{});
  }

private:
  Answer of(const Operand &operand, unsigned depth) const {
    if (operand.kind == OperandKind::constant)
      return {Answer::constant, operand.value};
    if (operand.kind == OperandKind::path && operand.path.root == RootKind::local && operand.path.steps.empty()) {
      if (operand.path.id < function_.parameter_count)
        return {Answer::parameter, operand.path.id};
      const Local &local = function_.locals[operand.path.id];
      bool constant = local.init.kind == OperandKind::constant && writes(operand.path) <= 1;
      return constant ? Answer{Answer::constant, local.init.value} : Answer{};
    }
    if (operand.kind == OperandKind::path && operand.path.root == RootKind::self && operand.path.steps.size() == 1 &&
        operand.path.steps[0].kind == StepKind::field && operand.path.steps[0].field != none)
      return {Answer::field, operand.path.steps[0].field};
    if (operand.kind != OperandKind::result || depth > 8)
      return {};
    const Operation &op = function_.ops[operand.op];
    auto same_class = [&](TypeId from) {
      TypeId to = program_.record_behind(op.type);
      from = program_.record_behind(from);
      return to != none && from != none && program_.types[to].qualified == program_.types[from].qualified;
    };
    // A copy, or a conversion within one class template: coroutine_handle<P> to coroutine_handle<>.
    if (op.kind == OpKind::construct && op.args.size() == 1 && same_class(op.args[0].type))
      return of(op.args[0], depth + 1);
    if (op.kind != OpKind::call || op.callee == none || op.virtual_call)
      return {};
    FunctionId body = program_.body_for(f_, op.callee);
    if (body == none)
      return op.args.empty() && op.receiver.kind != OperandKind::unknown && same_class(op.receiver.type)
                 ? of(op.receiver, depth + 1)
                 : Answer{};
    const Answer &there = known_[body];
    if (there.kind == Answer::parameter && static_cast<std::size_t>(there.value) < op.args.size())
      return of(op.args[there.value], depth + 1);
    bool own = op.receiver.kind == OperandKind::path && op.receiver.path.without_derefs() == own_object();
    return there.kind == Answer::constant || (there.kind == Answer::field && own) ? there : Answer{};
  }

  unsigned writes(const AccessPath &path) const {
    unsigned n = 0;
    for (const Operation &op : function_.ops)
      n += op.kind == OpKind::access && op.path == path && op.access & ~static_cast<unsigned>(AccessKind::read);
    return n;
  }

  const Program &program_;
  FunctionId f_;
  const Function &function_;
  const std::vector<Answer> &known_;
};

} // namespace

std::vector<Answer> collect_answers(const Program &program, const CallGraph &calls) {
  std::vector<Answer> answers(program.functions.size());
  for (const auto &component : calls.components())
    for (FunctionId f : component)
      if (!program.functions[f].coroutine)
        answers[f] = Answers(program, f, answers).find();
  return answers;
}

} // namespace tenterhook::analysis
