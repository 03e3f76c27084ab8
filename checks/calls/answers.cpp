// Answers of functions: bottom-up over the call graph, so that one that returns what another returns is seen.
#include "calls/answers.h"

namespace tenterhook::analysis {

using namespace facts;

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
    bool own =
        op.receiver.kind == OperandKind::path && op.receiver.path.without_derefs() == AccessPath{RootKind::self, none, {}, false};
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

std::optional<std::int64_t> initial_value(const Program &program, FunctionId f, OpId made, EntityId field) {
  const Operation &op = program.functions[f].ops[made];
  if (op.kind != OpKind::construct)
    return std::nullopt;
  auto constant = [](const Operand &o) { return o.kind == OperandKind::constant ? std::optional(o.value) : std::nullopt; };
  if (op.callee == none) {
    TypeId type = program.strip_references(op.type);
    if (type == none)
      return std::nullopt;
    const auto &fields = program.types[type].fields;
    for (std::size_t a = 0; a < op.args.size() && a < fields.size(); ++a)
      if (fields[a].entity == field)
        return constant(op.args[a]);
    return std::nullopt;
  }
  FunctionId body = program.body_for(f, op.callee);
  if (body == none)
    return std::nullopt;
  for (const Operation &init : program.functions[body].ops) {
    if (init.kind != OpKind::access || !(init.access & static_cast<unsigned>(AccessKind::write)) || init.args.empty() ||
        init.path.root != RootKind::self || init.path.steps.size() != 1 || init.path.steps[0].field != field)
      continue;
    const Operand &value = init.args[0];
    if (value.kind == OperandKind::path && value.path.root == RootKind::local && value.path.steps.empty() &&
        value.path.id < op.args.size())
      return constant(op.args[value.path.id]);
    return constant(value);
  }
  return std::nullopt;
}

} // namespace tenterhook::analysis
