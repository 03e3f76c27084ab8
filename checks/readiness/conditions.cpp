// From the conditions of a function to those of its callers. Modes are in modes.cpp.
#include "readiness/conditions.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

static void tidy(Conditions &conditions) {
  std::sort(conditions.begin(), conditions.end());
  conditions.erase(std::unique(conditions.begin(), conditions.end()), conditions.end());
}

bool has(const Conditions &conditions, Decisive::Kind kind) {
  return std::any_of(conditions.begin(), conditions.end(), [&](const Decisive &d) { return d.kind == kind; });
}

bool leave_open(const Conditions &conditions) { return has(conditions, Decisive::descriptor); }

bool against(const Conditions &conditions) { return has(conditions, Decisive::switched) || has(conditions, Decisive::type); }

std::optional<LocalId> Callers::parameter(FunctionId f, const Operand &operand) const {
  auto origins = library_.origins(f, operand);
  if (origins.size() != 1 || origins[0].function != f || origins[0].operand.kind != OperandKind::path)
    return std::nullopt;
  AccessPath path = origins[0].operand.path.without_derefs();
  const Function &function = program_.functions[f];
  if (path.root != RootKind::local || !path.steps.empty() || path.id >= function.parameter_count)
    return std::nullopt;
  for (const Operation &op : function.ops) // timeout += 1ms
    if (op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path &&
        op.receiver.path.is_local(path.id))
      if (llvm::StringRef name = Library::last_name(program_.qualified(op.callee));
          name.starts_with("operator") && name.ends_with("=") && name != "operator==")
        return std::nullopt;
  return path.id;
}

std::optional<AccessPath> Callers::of_callers(FunctionId f, const Operand &operand) const {
  if (operand.kind != OperandKind::path)
    return std::nullopt;
  AccessPath path = operand.path.without_derefs();
  if (!std::all_of(path.steps.begin(), path.steps.end(), [](const PathStep &s) { return s.kind == StepKind::field; }))
    return std::nullopt;
  if (path.root == RootKind::capture || (path.root == RootKind::self && !path.steps.empty()))
    return path;
  if (path.root != RootKind::local)
    return std::nullopt;
  Operand whole = operand;
  whole.path = {RootKind::local, path.id, {}, false};
  auto p = parameter(f, whole);
  if (!p)
    return std::nullopt;
  path.id = *p;
  return path;
}

// What an object of `callee` is called where it is called.
std::optional<Operand> Callers::outside(FunctionId caller, const Operation &call, FunctionId callee,
                                        const AccessPath &object) const {
  const Function &function = program_.functions[callee];
  bool here = function.lambda && function.enclosing != none && program_.body_for(callee, function.enclosing) == caller;
  Operand out;
  if (object.root == RootKind::local && object.id < call.args.size()) {
    out = call.args[object.id];
  } else if (object.root == RootKind::capture && here && object.id < function.captures.size()) {
    out = function.captures[object.id].source;
  } else if (object.root == RootKind::self && here) { // the captured `this`
    out.kind = OperandKind::path;
    out.path = {RootKind::self, none, {}, false};
  } else if (object.root == RootKind::self && !function.lambda) {
    out = call.receiver;
  }
  if (out.kind == OperandKind::result && object.steps.empty())
    return out;
  if (out.kind != OperandKind::path)
    return std::nullopt;
  if (!object.steps.empty()) {
    out.path = out.path.without_derefs();
    out.path.steps.insert(out.path.steps.end(), object.steps.begin(), object.steps.end());
    out.type = none;
  }
  return out;
}

bool Callers::captured_ready(FunctionId caller, OpId op, FunctionId lambda, const Conditions &conditions) const {
  const Operation &call = program_.functions[caller].ops[op];
  return std::any_of(conditions.begin(), conditions.end(), [&](const Decisive &d) {
    bool captured = d.kind == Decisive::ready && (d.object.root == RootKind::capture || d.object.root == RootKind::self);
    auto there = captured && program_.functions[lambda].lambda ? outside(caller, call, lambda, d.object) : std::nullopt;
    return there && ready_.known(caller, op, *there);
  });
}

// wait_for(timeout) in a function that was given the timeout; recv(fd, …, flags).
Conditions Callers::decisive(FunctionId f, const Operation &op, const Blocks &clause) const {
  Conditions out;
  for (Condition c : clause.unless) {
    if (c.kind != ConditionKind::arg_zero && c.kind != ConditionKind::arg_equals && c.kind != ConditionKind::arg_has_flag)
      continue;
    auto subject = library_.subjects(op, {Subject::argument, c.arg});
    if (subject.empty())
      continue;
    if (auto p = parameter(f, subject[0])) {
      c.arg = static_cast<int>(*p);
      out.push_back({*p, std::move(c)});
    }
  }
  tidy(out);
  return out;
}

std::optional<Conditions> Callers::passed(FunctionId caller, OpId op, FunctionId callee, const Conditions &conditions,
                                          Certainty &certainty) const {
  const Operation &call = program_.functions[caller].ops[op];
  Conditions outer;
  for (const Decisive &d : conditions) {
    if (d.kind == Decisive::fiber) {
      outer.push_back(d);
      continue;
    }
    if (d.kind == Decisive::type) {
      if (!of_class(caller, call, d, outer, certainty))
        return std::nullopt;
      continue;
    }
    if (d.kind == Decisive::switched) {
      if (on_own_object(call) && !descriptors_.switches(caller, d.field))
        outer.push_back(d);
      else if (!switched(caller, op, d, certainty))
        return std::nullopt;
      continue;
    }
    if (d.kind == Decisive::descriptor) {
      auto open = descriptor(caller, op, d, certainty);
      if (!open)
        return std::nullopt;
      outer.insert(outer.end(), open->begin(), open->end());
      continue;
    }
    if (d.kind == Decisive::ready) {
      auto there = outside(caller, call, callee, d.object);
      if (there && ready_.known(caller, op, *there))
        return std::nullopt;
      if (auto further = there ? of_callers(caller, *there) : std::nullopt) {
        Decisive passed_on = d;
        passed_on.object = *further;
        outer.push_back(std::move(passed_on));
      }
      continue;
    }
    if (d.kind == Decisive::mode) {
      Mode mode = mode_at(caller, op, d);
      if (mode == Mode::other)
        return std::nullopt;
      if (mode == Mode::untold)
        certainty = std::min(certainty, Certainty::possible);
      if (mode == Mode::of_caller)
        outer.push_back(d);
      continue;
    }
    if (d.kind == Decisive::keeps) {
      if (on_own_object(call))
        outer.push_back(d);
      else if (holds_other(caller, op, d))
        return std::nullopt;
      continue;
    }
    if (d.parameter >= call.args.size())
      continue;
    const Operand &arg = call.args[d.parameter];
    if (d.kind == Decisive::argument && library_.holds(caller, call, d.condition))
      return std::nullopt;
    if (d.kind == Decisive::number && excludes(caller, call, d))
      return std::nullopt;
    if (auto p = parameter(caller, arg)) {
      Decisive passed_on = d;
      passed_on.parameter = *p;
      passed_on.condition.arg = static_cast<int>(*p);
      outer.push_back(std::move(passed_on));
    } else if (d.kind == Decisive::null && library_.constant(caller, arg) != 0) {
      certainty = std::min(certainty, Certainty::possible); // given something, which is seldom null
    }
  }
  tidy(outer);
  return outer;
}

// print(file): whether what a call passes may be of the class; what its own callers decide goes to `outer`.
bool Callers::of_class(FunctionId caller, const Operation &call, const Decisive &d, Conditions &outer,
                       Certainty &certainty) const {
  if (d.parameter >= call.args.size())
    return false;
  Classes::Seen seen = classes_.is(caller, call.args[d.parameter], d.condition.text);
  if (seen.yes) {
    if (seen.other || !seen.parameters.empty() || !program_.whole)
      certainty = std::min(certainty, Certainty::possible);
    return true;
  }
  if (seen.parameters.size() != 1 || program_.functions[caller].coroutine)
    return false;
  Decisive passed_on = d;
  passed_on.parameter = *seen.parameters.begin();
  outer.push_back(std::move(passed_on));
  return true;
}

// Whether the descriptor in an object of the caller's own still blocks: the caller made it, and had no method switch it.
bool Callers::switched(FunctionId caller, OpId at, const Decisive &d, Certainty &certainty) const {
  const Function &function = program_.functions[caller];
  const Operation &call = function.ops[at];
  auto made = on_own_object(call) ? std::nullopt : maker(caller, at, d.field);
  if (!made || call.receiver.kind != OperandKind::path)
    return false;
  for (const Edge &e : calls_.edges(caller))
    if (const Operation &other = function.ops[e.op];
        e.op != at && other.receiver.kind == OperandKind::path &&
        other.receiver.path.without_derefs() == call.receiver.path.without_derefs() && descriptors_.switches(e.to, d.field))
      return false;
  for (const Operation &other : function.ops) // configure(connection)
    if (other.kind != OpKind::destroy && std::any_of(other.args.begin(), other.args.end(), [&](const Operand &a) {
          return a.kind == OperandKind::path && a.path.root == call.receiver.path.root && a.path.id == call.receiver.path.id &&
                 a.path.steps.empty();
        }))
      return false;
  DescriptorMode mode = DescriptorMode::unknown;
  if (auto given = descriptors_.given_to_field(caller, *made, d.field))
    mode = descriptors_.mode(caller, at, *given);
  if (mode == DescriptorMode::either)
    certainty = std::min(certainty, Certainty::possible);
  return mode != DescriptorMode::nonblocking;
}

std::optional<Conditions> Callers::descriptor(FunctionId caller, OpId op, const Decisive &d, Certainty &certainty) const {
  const Operation &call = program_.functions[caller].ops[op];
  std::optional<Operand> given;
  if (d.field == none) {
    if (d.parameter < call.args.size())
      given = call.args[d.parameter];
  } else if (on_own_object(call)) {
    return Conditions{d};
  } else if (auto made = maker(caller, op, d.field)) {
    given = descriptors_.given_to_field(caller, *made, d.field);
  }
  DescriptorMode mode = given ? descriptors_.mode(caller, op, *given) : DescriptorMode::either;
  if (mode == DescriptorMode::nonblocking)
    return std::nullopt;
  if (mode == DescriptorMode::either) {
    if (auto p = given && !program_.functions[caller].coroutine ? parameter(caller, *given) : std::nullopt) {
      Decisive passed_on = d;
      passed_on.field = none;
      passed_on.parameter = *p;
      return Conditions{passed_on};
    }
    certainty = std::min(certainty, Certainty::possible);
  }
  return Conditions();
}

Conditions Callers::required(FunctionId f, OpId op) const {
  Conditions out;
  for (const Guards::Edge &edge : guards_.at(f, op)) {
    const Block &block = program_.functions[f].blocks[edge.from];
    require_value(f, edge, out);
    if (!block.branch.present || block.succs.size() != 2)
      continue;
    require_null(f, edge, out);
    require_mode(f, edge, out);
  }
  tidy(out);
  return out;
}

// `explicit Resolver(Loop *loop = nullptr) { if (!loop) loop = own_loop(); }`: made only where null was given.
void Callers::require_null(FunctionId f, const Guards::Edge &edge, Conditions &out) const {
  const Function &function = program_.functions[f];
  const Branch &branch = function.blocks[edge.from].branch;
  if (branch.condition.kind != OperandKind::path || branch.condition.path.root != RootKind::local ||
      !branch.condition.path.steps.empty() || branch.condition.path.id >= function.parameter_count ||
      (branch.compares && branch.value != 0))
    return;
  LocalId p = branch.condition.path.id;
  TypeId type = program_.strip_references(function.locals[p].type);
  if (type != none && program_.types[type].kind == TypeKind::pointer && edge.succ == (branch.negated ? 0U : 1U))
    out.push_back({p, {}, Decisive::null});
}

} // namespace tenterhook::analysis
