// Accesses: operations, then what library functions do to what they are given.
#include "races/accesses.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

bool is_own(const Function &function, const AccessPath &path) {
  return path.root == RootKind::result ? path.id != none : path.root == RootKind::local && path.id >= function.parameter_count;
}

bool leads_on(const Program &program, const Library &library, TypeId type) {
  if (type == none)
    return false;
  if (program.types[type].kind == TypeKind::pointer || refers(program, type))
    return true;
  const TypeModel *model = library.type(type);
  return model && model->smart_pointer;
}

TypeId type_at(const Program &program, const LockNames &names, FunctionId f, const AccessPath &path) {
  TypeId at = none;
  switch (path.root) {
  case RootKind::local:
    if (f != none && path.id < program.functions[f].locals.size())
      at = program.functions[f].locals[path.id].type;
    break;
  case RootKind::global:
    at = program.entities[path.id].kind == EntityKind::function ? none : program.entities[path.id].type;
    break;
  case RootKind::self: at = f == none ? none : program.entity_of(f).record; break;
  case RootKind::capture:
    if (f != none && path.id < program.functions[f].captures.size())
      at = program.functions[f].captures[path.id].type;
    break;
  case RootKind::result:
    if (f != none && path.id < program.functions[f].ops.size()) {
      const Operation &op = program.functions[f].ops[path.id];
      at = op.makes != none && !op.prvalue_result ? op.makes : op.type;
    }
    break;
  default: break;
  }
  for (const PathStep &step : path.steps) {
    if (const std::optional<std::uint32_t> number = captured_number(step)) {
      const auto [lambda, index] = names.capture(*number);
      at = program.functions[lambda].captures[index].type;
    } else if (step.kind == StepKind::field && step.field != none) {
      at = program.entities[step.field].type;
    } else if (step.kind == StepKind::index && at != none) {
      at = program.strip_references(at);
      const Type &whole = program.types[at];
      at = whole.pointee != none ? whole.pointee : whole.args.empty() ? none : whole.args.back() == none ? none : whole.args[0];
    } else if (step.kind == StepKind::container) {
      at = none;
    }
  }
  return at;
}

Accesses::Accesses(const Program &program, const Library &library, const LockNames &names, Threads &threads)
    : program_(program), library_(library), names_(names), threads_(threads) {}

// Objects that are made for several threads: locks, atomics, threads, what they wait with.
bool Accesses::synchronises(TypeId type) const {
  type = program_.strip_references(type);
  if (type == none)
    return false;
  if (program_.types[type].atomic || library_.is_thread_lock(type) || library_.is_async_lock(type) || library_.guard(type))
    return true;
  const TypeModel *model = library_.type(type);
  return model && (model->synchronised || model->thread || model->executor || model->lock || model->tag != GuardTag::none);
}

bool Accesses::uses_atomics(FunctionId f) const {
  return llvm::any_of(program_.functions[f].ops, [&](const Operation &op) {
    if (op.kind == OpKind::access)
      return op.path.valid() && synchronises(type_at(program_, names_, f, plain(op.path)));
    if (op.kind != OpKind::call)
      return false;
    const TypeModel *type = op.receiver.type == none ? nullptr : library_.type(op.receiver.type);
    const FunctionModel *m = library_.function(op);
    return (type && type->synchronised) ||
           (m && (m->signals || m->awaits || m->awaits_true || m->atomic_access || m->condition_variable));
  });
}

// Which locals others can see: captured by reference, lent, given to a call, or records on which something is called.
void Accesses::find_escaping(FunctionId f) {
  const Function &function = program_.functions[f];
  escaping_.assign(function.locals.size(), false);
  auto escape = [&](const Operand &operand) {
    any_choice(operand, [&](const Operand &o) {
      if (o.kind == OperandKind::path && o.path.root == RootKind::local && o.path.id < escaping_.size())
        escaping_[o.path.id] = true;
      return false;
    });
  };
  for (const Operation &op : function.ops) {
    if (op.kind == OpKind::access) {
      if (op.access & static_cast<unsigned>(AccessKind::address) && op.path.root == RootKind::local)
        escaping_[op.path.id] = true;
      continue;
    }
    if (op.kind == OpKind::closure) {
      if (const FunctionId lambda = program_.body_for(f, op.callee); lambda != none)
        for (const Capture &capture : program_.functions[lambda].captures)
          escape(capture.source);
      continue;
    }
    escape(op.receiver);
    const auto &parameters = op.callee == none ? std::vector<Parameter>{} : program_.entities[op.callee].parameters;
    for (std::size_t a = 0; a < op.args.size(); ++a) {
      const bool known = a < parameters.size() && parameters[a].type != none;
      const bool by_value = known ? program_.strip_references(parameters[a].type) == parameters[a].type : op.kind == OpKind::ret;
      any_choice(op.args[a], [&](const Operand &o) {
        if (o.address || o.by_reference || !by_value)
          escape(o);
        return false;
      });
    }
  }
  for (LocalId l = 0; l < function.locals.size(); ++l)
    if (l >= function.parameter_count && leads_on(function.locals[l].type))
      escape(function.locals[l].init);
}

bool Accesses::is_private(FunctionId f, const Location &at) const {
  const Function &function = program_.functions[f];
  const bool parameter = at.path.root == RootKind::local && at.path.id < function.parameter_count;
  const bool copied = (at.path.root == RootKind::capture && at.path.id < function.captures.size() &&
                       function.captures[at.path.id].kind == CaptureKind::by_copy) ||
                      (at.path.root == RootKind::self && function.lambda &&
                       llvm::any_of(function.captures, [](const Capture &c) { return c.kind == CaptureKind::self_copy; }));
  if (!parameter && !copied)
    return false;
  AccessPath prefix{at.path.root, at.path.id, {}, false};
  for (std::size_t s = 0;; ++s) {
    const TypeId type = type_at(program_, names_, f, prefix);
    if (type == none)
      return false;
    if (s == at.path.steps.size()) {
      const bool reference = program_.strip_references(type) != type;
      return !reference && !(at.content && leads_on(type));
    }
    if (leads_on(type))
      return false;
    prefix.steps.push_back(at.path.steps[s]);
  }
}

ElementKey Accesses::key(FunctionId f, const AccessPath &raw) {
  for (std::size_t s = raw.steps.size(); s-- > 0;) {
    const PathStep &step = raw.steps[s];
    if (step.kind != StepKind::index)
      continue;
    if (step.key == KeyKind::constant)
      return {ElementKey::constant, step.offset, {}};
    if (step.key == KeyKind::path && step.path < program_.functions[f].keys.size())
      return {ElementKey::value, step.offset, threads_.names(f).resolve(plain(program_.functions[f].keys[step.path]))};
    return {};
  }
  return {};
}

ElementKey Accesses::element_key(FunctionId f, const Operand &index) {
  const auto &ops = program_.functions[f].ops;
  const Operand *value = &index;
  if (value->kind == OperandKind::result && ops[value->op].kind == OpKind::construct && ops[value->op].args.size() >= 1)
    value = &ops[value->op].args[0]; // std::string("name")
  if (value->kind == OperandKind::constant)
    return {ElementKey::constant, value->value, {}};
  if (value->kind == OperandKind::string)
    return {ElementKey::constant, static_cast<std::int64_t>(value->text), {}};
  if (value->kind == OperandKind::path && !value->address)
    return {ElementKey::value, 0, threads_.names(f).resolve(plain(value->path))};
  return {};
}

Location Accesses::location(FunctionId f, const AccessPath &raw) {
  if (!raw.valid())
    return {};
  const LockPaths &names = threads_.names(f);
  Location out;
  if (raw.root == RootKind::result && raw.id < program_.functions[f].ops.size()) // v[i], map.at(k): an element of the container
    if (const Operation &op = program_.functions[f].ops[raw.id]; op.kind == OpKind::call && !op.prvalue_result &&
                                                                 op.callee != none && program_.entities[op.callee].system &&
                                                                 op.receiver.kind != OperandKind::unknown) {
      const FunctionModel *m = library_.function(op);
      const AccessPath container = names.of(op.receiver);
      if (container.valid() && !(m && m->returns_subject)) {
        PathStep element;
        element.kind = StepKind::index;
        out.path = container;
        out.path.steps.push_back(element);
        const AccessPath rest = plain(raw);
        out.path.steps.insert(out.path.steps.end(), rest.steps.begin(), rest.steps.end());
        out.path.truncated = out.path.steps.size() > AccessPath::max_steps + 1;
        if (!op.args.empty())
          out.key = element_key(f, op.args[0]);
        out.content = !raw.steps.empty() && raw.steps.back().kind == StepKind::deref;
        return out;
      }
    }
  out.key = key(f, raw);
  const AccessPath whole = plain(raw);
  if (!raw.steps.empty() && raw.steps.back().kind == StepKind::deref) {
    out.path = names.resolve(whole);
    out.content = true;
    return out;
  }
  const TypeId type = type_at(program_, names_, f, whole);
  const bool pointer = leads_on(type) && program_.strip_references(type) == type;
  if (!pointer) {
    out.path = names.resolve(whole);
  } else if (whole.steps.empty()) {
    out.path = whole;
  } else {
    AccessPath parent = whole;
    parent.steps.pop_back();
    out.path = rebase(whole, parent, names.resolve(parent));
  }
  return out;
}

// What a library function is given by reference: the object that the operand names.
Location Accesses::location(FunctionId f, const Operand &operand) {
  if (operand.kind == OperandKind::path)
    return location(f, operand.path);
  Location out;
  out.path = threads_.names(f).of(operand);
  return out;
}

bool Accesses::is_shared_root(FunctionId f, const AccessPath &path) const {
  switch (path.root) {
  case RootKind::global: {
    const Entity &e = program_.entities[path.id];
    return !e.system && !e.is_thread_local && !(e.is_const && path.steps.empty());
  }
  case RootKind::local:
    return path.id < escaping_.size() && (escaping_[path.id] || path.id < program_.functions[f].parameter_count ||
                                          leads_on(program_.functions[f].locals[path.id].type));
  case RootKind::result: return path.id != none;
  case RootKind::self:
  case RootKind::capture: return true;
  default: return false;
  }
}

void Accesses::add(FunctionId f, OpId op, Location at, bool write, bool atomic, std::vector<Access> &out) const {
  if (!at.path.valid() || !is_shared_root(f, at.path) || is_private(f, at))
    return;
  const TypeId type = type_at(program_, names_, f, at.path);
  if (!at.content && synchronises(type))
    return;
  if (at.content && type != none) { // what it leads to
    const Type &pointer = program_.types[program_.strip_references(type)];
    if (synchronises(pointer.pointee != none ? pointer.pointee : pointer.args.empty() ? none : pointer.args[0]))
      return;
  }
  for (const PathStep &step : at.path.steps)
    if (step.kind == StepKind::field && step.field != none) {
      const Entity &field = program_.entities[step.field];
      if (synchronises(field.type) || (&step == &at.path.steps.back() && field.is_const && !at.content))
        return;
    }
  if (at.path.root == RootKind::result && at.path.steps.empty() && !at.content)
    return;
  out.push_back({op, std::move(at), write, atomic});
}

// `*box.p = 1` reads box.p.
void Accesses::add_pointers(FunctionId f, OpId op, const AccessPath &raw, std::vector<Access> &out) {
  for (std::size_t s = 0; s < raw.steps.size(); ++s) {
    if (raw.steps[s].kind != StepKind::deref)
      continue;
    AccessPath pointer = raw;
    pointer.steps.resize(s);
    if (s == 0 && pointer.root != RootKind::global && pointer.root != RootKind::capture)
      continue;
    const TypeId type = type_at(program_, names_, f, plain(pointer));
    if (type == none || program_.types[program_.strip_references(type)].kind != TypeKind::pointer)
      continue; // smart pointers are asked by a call
    add(f, op, location(f, pointer), false, program_.types[program_.strip_references(type)].atomic, out);
  }
}

void Accesses::add_argument(FunctionId f, OpId op, const Operand &arg, const Parameter *parameter, std::vector<Access> &out) {
  if (!parameter || parameter->type == none || (arg.kind != OperandKind::path && arg.kind != OperandKind::result))
    return;
  const Type &type = program_.types[parameter->type];
  if (synchronises(arg.type) || may_be_callable(program_, library_, arg))
    return;
  const bool pointer = type.kind == TypeKind::pointer;
  if (pointer && type.pointee != none && program_.types[type.pointee].kind == TypeKind::function)
    return;
  if (!pointer && type.kind != TypeKind::lvalue_reference && type.kind != TypeKind::rvalue_reference)
    return;
  if (pointer && type.pointee != none && synchronises(type.pointee))
    return;
  Location at = location(f, arg);
  if (pointer && arg.kind == OperandKind::path && !arg.address) { // what it points to, whatever it is a copy of
    at.path = threads_.names(f).of(arg);
    at.content = true;
  } else if (pointer) {
    at.content = true;
  }
  const bool write = type.kind == TypeKind::rvalue_reference ? arg.moved : !parameter->pointee_const;
  add(f, op, at, write, false, out);
}

// Functions whose body is not here: by what their declaration lets them do, and what the models know better.
void Accesses::add_call(FunctionId f, OpId i, std::vector<Access> &out) {
  const Operation &op = program_.functions[f].ops[i];
  if (op.callee == none)
    return;
  const Entity &callee = program_.entities[op.callee];
  const FunctionModel *model = library_.function(op);
  const bool unseen = program_.bodies(op.callee).empty();
  if (!unseen && !callee.system)
    return;
  if (model && model->hidden_state) {
    Location at;
    at.path = {RootKind::global, op.callee, {}, false};
    out.push_back({i, at, true, false});
  }
  if (!callee.system && !(op.implicit || Library::is_assignment(program_.qualified(op.callee)) || op.kind == OpKind::construct))
    return; // somebody else's function: who knows
  if (model && model->atomic_access) {
    if (!op.args.empty()) {
      Location at = location(f, op.args[0]);
      at.content = at.content || !op.args[0].address;
      add(f, i, at, true, true, out);
    }
    return;
  }
  if (const TypeModel *made = op.kind == OpKind::construct ? library_.type(op.type) : nullptr;
      made && (made->guard || made->synchronised)) {
    if (made->synchronised && !made->guard && op.args.size() == 1 && op.args[0].kind == OperandKind::path) // std::atomic_ref(x)
      add(f, i, location(f, op.args[0]), true, true, out);
    return;
  }
  if (model &&
      (model->returns_subject || model->signals || model->awaits || model->awaits_true || model->asks_running ||
       !model->callbacks.empty() || model->joins || !model->locks.empty() || model->condition_variable || model->returns_guard)) {
    if (op.receiver.kind == OperandKind::path && model->returns_subject && op.receiver.type != none)
      if (const TypeModel *pointer = library_.type(op.receiver.type); pointer && pointer->smart_pointer)
        add(f, i, location(f, op.receiver), false, false, out);
    return;
  }
  const bool method = op.kind == OpKind::call && op.receiver.kind != OperandKind::unknown;
  const bool callable = method && may_be_callable(program_, library_, op.receiver);
  if (callable && !Library::is_assignment(program_.qualified(op.callee)))
    return; // what it runs does what is done to the arguments
  if (method && !callable && !synchronises(op.receiver.type)) {
    const bool reads = callee.const_method || (model && model->reads_object);
    add(f, i, location(f, op.receiver), !reads, false, out);
  }
  for (std::size_t a = 0; a < op.args.size(); ++a) {
    Parameter variadic;
    const Parameter *parameter = a < callee.parameters.size() ? &callee.parameters[a] : nullptr;
    if (!parameter && callee.variadic && model && model->writes_variadic && op.args[a].type != none &&
        program_.types[op.args[a].type].kind == TypeKind::pointer) {
      variadic.type = op.args[a].type;
      parameter = &variadic;
    }
    add_argument(f, i, op.args[a], parameter, out);
  }
}

const std::vector<Access> &Accesses::of(FunctionId f) {
  auto [it, added] = known_.try_emplace(f);
  std::vector<Access> &out = it->second;
  if (!added)
    return out;
  const Function &function = program_.functions[f];
  if (function.constant_init) // before anything runs
    return out;
  find_escaping(f);
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    if (!program_.reachable(f, i))
      continue;
    if (op.kind == OpKind::access) {
      add_pointers(f, i, op.path, out);
      if (!(op.access & (static_cast<unsigned>(AccessKind::read) | static_cast<unsigned>(AccessKind::write))))
        continue;
      bool own_static = false; // the first value of a function's static: guarded by the language ([stmt.dcl])
      if (op.path.root == RootKind::global && op.path.steps.empty() && op.access & static_cast<unsigned>(AccessKind::write))
        own_static = op.place == program_.entities[op.path.id].place;
      const bool binds = function.constructor && op.path.root == RootKind::self && op.path.steps.size() == 1 &&
                         op.path.steps[0].field != none && [&] { // a reference member
                           const TypeId type = program_.entities[op.path.steps[0].field].type;
                           return type != none && program_.strip_references(type) != type;
                         }();
      if (!own_static && !binds)
        add(f, i, location(f, op.path), (op.access & static_cast<unsigned>(AccessKind::write)) != 0, false, out);
    } else if (op.kind == OpKind::call || op.kind == OpKind::construct) {
      if (op.receiver.kind == OperandKind::path)
        add_pointers(f, i, op.receiver.path, out);
      add_call(f, i, out);
    } else if (op.kind == OpKind::destroy && op.explicit_delete) {
      Location at = location(f, op.path);
      at.content = true;
      add(f, i, at, true, false, out);
    }
  }
  llvm::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

} // namespace tenterhook::analysis
