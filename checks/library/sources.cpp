// Library, second half: where values come from, what they are as constants, as conditions and as executors.
//
// Flow-insensitive: a local may hold whatever was ever stored in it. That suits callables, executors and flags, which
// programs set once; where origins disagree, nothing is claimed.
#include "library/library.h"
#include <algorithm>
#include <functional>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

void Library::collect_sources() {
  sources_.resize(program_.functions.size());
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    const Function &function = program_.functions[f];
    auto &locals = sources_[f];
    locals.resize(function.locals.size());
    auto store = [&](const AccessPath &to, const Operand &value) {
      if (to.root == RootKind::local && to.steps.empty() && value.kind != OperandKind::unknown &&
          std::find(locals[to.id].begin(), locals[to.id].end(), value) == locals[to.id].end())
        locals[to.id].push_back(value);
    };
    auto unknown = [&](const AccessPath &to) { // an origin that stands for itself: the local
      if (to.root == RootKind::local && to.steps.empty()) {
        Operand self;
        self.kind = OperandKind::path;
        self.path = to;
        self.type = program_.strip_references(function.locals[to.id].type);
        store(to, self);
      }
    };
    for (LocalId l = 0; l < function.locals.size(); ++l)
      store({RootKind::local, l, {}, false}, function.locals[l].init);
    for (OpId i = 0; i < function.ops.size(); ++i) {
      const Operation &op = function.ops[i];
      Operand result;
      result.kind = OperandKind::result;
      result.op = i;
      result.type = program_.strip_references(op.type);
      if (op.use.kind == UseKind::stored)
        store(op.use.target, result);
      if (op.kind == OpKind::construct)
        store(op.path, result);
      if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write)) {
        if (!op.args.empty() && op.args[0].kind != OperandKind::unknown)
          store(op.path, op.args[0]);
        else
          unknown(op.path);
      }
      if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::address))
        unknown(op.path);
    }
  }
}

void Library::add_origins(FunctionId f, const Operand &o, llvm::SmallVectorImpl<Value> &out, std::set<std::string> &seen,
                          unsigned depth) const {
  const Function &function = program_.functions[f];
  auto itself = [&] { out.push_back({f, o}); };
  if (depth > limit_of(Limit::copies) || out.size() > limit_of(Limit::copies)) {
    program_.limits().hit(Limit::copies, f);
    return itself();
  }
  if (o.kind == OperandKind::path) {
    bool bare =
        std::all_of(o.path.steps.begin(), o.path.steps.end(), [](const PathStep &s) { return s.kind == StepKind::deref; });
    if (!bare)
      return itself();
    if (o.path.root == RootKind::local && o.path.id < function.locals.size()) {
      if (!seen.insert(std::to_string(f) + "l" + std::to_string(o.path.id)).second)
        return; // a cycle of copies adds nothing
      const auto &sources = sources_[f][o.path.id];
      if (o.path.id < function.parameter_count || sources.empty())
        itself();
      for (const Operand &s : sources) {
        if (s.kind == OperandKind::path && s.path == AccessPath{RootKind::local, o.path.id, {}, false})
          itself();
        else
          add_origins(f, s, out, seen, depth + 1);
      }
      return;
    }
    if (o.path.root == RootKind::capture && o.path.id < function.captures.size() && function.enclosing != none) {
      const Operand &source = function.captures[o.path.id].source;
      FunctionId outer = program_.body_for(f, function.enclosing);
      if (outer != none && source.kind != OperandKind::unknown)
        return add_origins(outer, source, out, seen, depth + 1);
    }
    return itself();
  }
  if (o.kind == OperandKind::result && o.op < function.ops.size()) {
    const Operation &op = function.ops[o.op];
    if (const FunctionModel *m = this->function(op); m && m->returns_subject) {
      if (m->returned_arg < static_cast<int>(op.args.size()) && !op.args.empty())
        return add_origins(f, op.args[m->returned_arg], out, seen, depth + 1);
      if (op.receiver.kind != OperandKind::unknown)
        return add_origins(f, op.receiver, out, seen, depth + 1);
    }
    // A copy, a move or a conversion of one object of the same class.
    if (op.kind == OpKind::construct && op.args.size() == 1 && op.type != none &&
        program_.strip_references(op.args[0].type) == program_.strip_references(op.type))
      return add_origins(f, op.args[0], out, seen, depth + 1);
  }
  itself();
}

llvm::SmallVector<Value, 4> Library::origins(FunctionId f, const Operand &operand) const {
  llvm::SmallVector<Value, 4> out;
  std::set<std::string> seen;
  add_origins(f, operand, out, seen, 0);
  return out;
}

bool Library::moved_away(FunctionId f, const AccessPath &object) const {
  const Function &function = program_.functions[f];
  if (object.root == RootKind::result && object.steps.empty()) {
    UseKind use = function.ops[object.id].use.kind;
    return use == UseKind::stored || use == UseKind::argument || use == UseKind::returned;
  }
  return std::any_of(function.ops.begin(), function.ops.end(), [&](const Operation &op) {
    return std::any_of(op.args.begin(), op.args.end(), [&](const Operand &a) {
      return a.kind == OperandKind::path && a.path == object && (a.moved || op.kind == OpKind::ret);
    });
  });
}

std::optional<std::int64_t> Library::constant(FunctionId f, const Operand &operand) const {
  std::optional<std::int64_t> value;
  for (const Value &v : origins(f, operand)) {
    std::optional<std::int64_t> one;
    if (v.operand.kind == OperandKind::constant)
      one = v.operand.value;
    else if (v.operand.kind == OperandKind::null)
      one = 0;
    else if (v.operand.kind == OperandKind::result) {
      // A duration made from one constant: milliseconds(0), and conversions between durations.
      const Operation &op = program_.functions[v.function].ops[v.operand.op];
      if (op.kind == OpKind::construct && op.args.size() == 1 && op.args[0].kind == OperandKind::constant)
        one = op.args[0].value;
    }
    if (!one || (value && *value != *one))
      return std::nullopt;
    value = one;
  }
  return value;
}

Library::Bits Library::bits(FunctionId f, const Operand &operand, unsigned depth) const {
  if (depth > 4) // flags = flags | more
    return {};
  auto number = [](std::int64_t v) { return Bits{static_cast<std::uint64_t>(v), ~static_cast<std::uint64_t>(v)}; };
  if (std::optional<std::int64_t> v = constant(f, operand))
    return number(*v);
  std::optional<Bits> all;
  for (const Value &v : origins(f, operand)) {
    const Operand &o = v.operand;
    Bits one;
    if (o.kind == OperandKind::constant) {
      one = number(o.value);
    } else if (o.choices.size() == 2 &&
               (o.kind == OperandKind::bits_or || o.kind == OperandKind::bits_and || o.kind == OperandKind::select)) {
      const Bits a = bits(v.function, o.choices[0], depth + 1), b = bits(v.function, o.choices[1], depth + 1);
      one = o.kind == OperandKind::bits_or    ? Bits{a.set | b.set, a.clear & b.clear}
            : o.kind == OperandKind::bits_and ? Bits{a.set & b.set, a.clear | b.clear}
                                              : Bits{a.set & b.set, a.clear & b.clear};
    }
    all = all ? Bits{all->set & one.set, all->clear & one.clear} : one;
  }
  return all.value_or(Bits{});
}

bool Library::holds(FunctionId f, const Operation &op, const Condition &c, bool unknown_is) const {
  auto written = [&] { return std::count_if(op.args.begin(), op.args.end(), [](const Operand &a) { return !a.defaulted; }); };
  if (c.kind == ConditionKind::arg_count)
    return written() == c.value;
  if (c.kind == ConditionKind::arg_count_at_least)
    return written() >= c.value;
  Operand arg;
  if (c.arg == receiver_arg) {
    arg = op.receiver;
  } else {
    auto found = subjects(op, {Subject::argument, c.arg});
    if (found.empty())
      return false;
    arg = found[0];
  }
  auto number = [&](auto test) {
    std::optional<std::int64_t> v = constant(f, arg);
    return v ? test(*v) : unknown_is;
  };
  switch (c.kind) {
  case ConditionKind::arg_zero:
    // Of a duration, less is no more.
    return number([&](std::int64_t v) { return v == 0 || (v < 0 && program_.record_behind(arg.type) != none); });
  case ConditionKind::arg_equals: return number([&](std::int64_t v) { return v == c.value; });
  case ConditionKind::arg_has_flag:
  case ConditionKind::arg_lacks_flag: {
    const Bits known = bits(f, arg);
    const std::uint64_t flag = static_cast<std::uint64_t>(c.value);
    const bool has = c.kind == ConditionKind::arg_has_flag;
    return known.set & flag ? has : (known.clear & flag) == flag ? !has : unknown_is;
  }
  case ConditionKind::arg_null: return arg.kind == OperandKind::null || number([](std::int64_t v) { return v == 0; });
  case ConditionKind::arg_type:
    for (TypeId b : program_.with_bases(program_.record_behind(arg.type)))
      if (program_.str(program_.types[b].qualified) == c.text)
        return true;
    return false;
  case ConditionKind::arg_global:
    for (const Value &v : origins(f, arg))
      if (v.operand.kind == OperandKind::path && v.operand.path.root == RootKind::global &&
          program_.qualified(v.operand.path.id) == c.text)
        return true;
    return false;
  case ConditionKind::arg_callable: {
    if (arg.kind == OperandKind::closure || arg.kind == OperandKind::function)
      return true;
    TypeId record = program_.record_behind(arg.type);
    const TypeModel *m = type(record);
    return record != none && (has_call_operator(record) || (m && m->callable));
  }
  case ConditionKind::arg_integer: {
    TypeId t = program_.strip_references(arg.type);
    return arg.kind == OperandKind::constant || (t != none && program_.types[t].kind == TypeKind::integer);
  }
  case ConditionKind::fd_datagram:
  case ConditionKind::arg_no_time:
  case ConditionKind::arg_past:
  case ConditionKind::fd_nonblocking: // asked through Descriptors, which knows the whole program
  case ConditionKind::arg_count:
  case ConditionKind::arg_count_at_least: break;
  }
  return false;
}

Executor Library::executor(FunctionId f, const Operation &op, const ExecutorClause &clause) const {
  if (clause.from) {
    auto subject = subjects(op, *clause.from);
    if (!subject.empty())
      if (Executor e = executor(f, subject[0]); e != Executor::unknown)
        return e;
  }
  return clause.fixed;
}

// What a field, a global or a parameter is given anywhere in the program, if that is one kind.
Executor Library::executor_kept(FunctionId f, const AccessPath &path, unsigned depth) const {
  if (depth > limit_of(Limit::executors)) {
    program_.limits().hit(Limit::executors, f);
    return Executor::unknown;
  }
  std::optional<Executor> agreed;
  auto add = [&](FunctionId in, const Operand &o) {
    Executor e = executor(in, o, depth);
    agreed = agreed && *agreed != e ? Executor::unknown : e;
  };
  EntityId kept = none;
  if (!path.steps.empty() && path.steps.back().kind == StepKind::field)
    kept = path.steps.back().field;
  else if (path.root == RootKind::global && path.steps.empty())
    kept = path.id;
  if (auto it = executor_stores_.find(kept); kept != none && it != executor_stores_.end())
    for (const Value &v : it->second)
      add(v.function, v.operand);
  if (path.root == RootKind::local && path.steps.empty() && path.id < program_.functions[f].parameter_count)
    if (auto it = executor_parameters_.find({f, path.id}); it != executor_parameters_.end())
      for (const Value &v : it->second)
        add(v.function, v.operand);
  return agreed.value_or(Executor::unknown);
}

// Stores and arguments whose type can be an executor of any kind.
void Library::collect_executors() {
  auto any_executor = [&](TypeId t) {
    const TypeModel *m = type(t);
    return m && m->executor == Executor::unknown;
  };
  auto store = [&](FunctionId f, const AccessPath &to, const Operand &value) {
    EntityId kept = none;
    if (!to.steps.empty() && to.steps.back().kind == StepKind::field)
      kept = to.steps.back().field;
    else if (to.root == RootKind::global && to.steps.empty())
      kept = to.id;
    if (kept != none && any_executor(program_.entities[kept].type))
      executor_stores_[kept].push_back({f, value});
  };
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    const Function &function = program_.functions[f];
    for (OpId i = 0; i < function.ops.size(); ++i) {
      const Operation &op = function.ops[i];
      if (op.kind != OpKind::call && op.kind != OpKind::construct)
        continue;
      if (const FunctionModel *m = this->function(op); m && m->moves_to) {
        const bool method = op.receiver.kind != OperandKind::unknown;
        if (const TypeId moved = method ? op.receiver.type : op.args.empty() ? none : op.args[0].type; moved != none)
          moved_.emplace(program_.record_behind(moved), *m->moves_to);
      }
      Operand result;
      result.kind = OperandKind::result;
      result.op = i;
      result.type = program_.strip_references(op.type);
      if (op.kind == OpKind::construct && !op.args.empty())
        store(f, op.path, op.args[0]);
      else if (op.use.kind == UseKind::stored)
        store(f, op.use.target, result);
      else if (op.callee != none && op.receiver.kind == OperandKind::path && !op.args.empty() &&
               last_name(program_.qualified(op.callee)) == "operator=")
        store(f, op.receiver.path, op.args[0]);
      FunctionId body = op.callee == none ? none : program_.body_for(f, op.callee);
      if (body == none)
        continue;
      for (LocalId a = 0; a < op.args.size() && a < program_.functions[body].parameter_count; ++a)
        if (any_executor(program_.functions[body].locals[a].type))
          executor_parameters_[{body, a}].push_back({f, op.args[a]});
    }
  }
}

Executor Library::executor(FunctionId f, const Operand &operand, unsigned depth) const {
  if (depth > limit_of(Limit::executors)) {
    program_.limits().hit(Limit::executors, f);
    return Executor::unknown;
  }
  std::function<Executor(TypeId, unsigned)> of_type = [&](TypeId t, unsigned nested) {
    t = program_.record_behind(t);
    const TypeModel *m = type(t);
    if (t != none && !moved_.empty())
      for (TypeId b : program_.with_bases(t))
        if (auto moved = moved_.find(b); moved != moved_.end())
          return moved->second;
    if (!m || nested > 4)
      return Executor::unknown;
    if (m->smart_pointer && !program_.types[t].args.empty())
      return of_type(program_.types[t].args[0], nested + 1);
    if (m->executor_from_type_arg >= 0 && m->executor_from_type_arg < static_cast<int>(program_.types[t].args.size()))
      if (Executor e = of_type(program_.types[t].args[m->executor_from_type_arg], nested + 1); e != Executor::unknown)
        return e;
    return m->executor.value_or(Executor::unknown);
  };
  if (Executor e = of_type(operand.type, 0); e != Executor::unknown)
    return e;
  std::optional<Executor> agreed;
  for (const Value &v : origins(f, operand)) {
    Executor e = of_type(v.operand.type, 0);
    if (e == Executor::unknown && v.operand.kind == OperandKind::result) {
      const Operation &op = program_.functions[v.function].ops[v.operand.op];
      if (op.kind == OpKind::await) {
        e = Executor::inherited; // a coroutine asked for the executor it runs on
      } else if (const FunctionModel *m = function(op); m && m->result_executor) {
        if (m->result_executor->from) {
          auto subject = subjects(op, *m->result_executor->from);
          if (!subject.empty())
            e = executor(v.function, subject[0], depth + 1);
        }
        if (e == Executor::unknown)
          e = m->result_executor->fixed;
      } else if (op.kind == OpKind::construct && argument_index(op, -1) == 0) {
        e = executor(v.function, op.args[0], depth + 1); // any_io_executor made from a concrete one
      }
    }
    if (e == Executor::unknown && v.operand.kind == OperandKind::path)
      e = executor_kept(v.function, v.operand.path, depth + 1);
    if (agreed && *agreed != e)
      return Executor::unknown;
    agreed = e;
  }
  return agreed.value_or(Executor::unknown);
}

} // namespace tenterhook::analysis
