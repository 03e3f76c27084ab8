// One function's part of the flow.
#include "values/flow_local.h"
#include "values/callables.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

bool carries(const Program &program, TypeId type) {
  type = program.strip_references(type);
  if (type == none)
    return true;
  const Type &t = program.types[type];
  switch (t.kind) {
  case TypeKind::integer:
  case TypeKind::boolean:
  case TypeKind::floating:
  case TypeKind::enumeration: return false;
  case TypeKind::pointer:
  case TypeKind::array: return t.pointee == none || carries(program, t.pointee);
  default: return true;
  }
}

Named named(const Program &program, const AccessPath &path) {
  for (std::size_t i = path.steps.size(); i > 0; --i) {
    const PathStep &step = path.steps[i - 1];
    // A pair's or an iterator's member is an element of what it was found in.
    if (step.kind != StepKind::field || step.field == none || program.entities[step.field].system)
      continue;
    AccessPath base = path;
    base.steps.resize(i - 1);
    return {std::move(base), step.field};
  }
  return {path, none};
}

LocalFlow::LocalFlow(Flow &flow, FunctionId f)
    : flow_(flow), program_(flow.program_), library_(flow.library_), f_(f), function_(flow.program_.functions[f]) {
  std::size_t n = function_.locals.size() + function_.ops.size();
  sets_.resize(n);
  users_.resize(n);
  reads_.resize(n);
  queued_.resize(n, false);
}

void LocalFlow::add(std::uint32_t n, Source s) {
  auto &set = sets_[n];
  auto at = std::lower_bound(set.begin(), set.end(), s);
  if (at != set.end() && *at == s)
    return;
  set.insert(at, s);
  if (!queued_[n]) {
    queued_[n] = true;
    work_.push_back(n);
  }
}

void LocalFlow::edge(std::uint32_t from, std::uint32_t to) {
  if (from == to)
    return;
  users_[from].push_back(to);
  for (const Source &s : Sources(sets_[from]))
    add(to, s);
}

void LocalFlow::read_field(const Named &name, std::uint32_t into) {
  const AccessPath &base = name.base;
  Named outer = named(program_, base);
  if (base.root == RootKind::global) { // a table, a global object: its own entries
    add(into, {Source::cell, flow_.cell(Flow::field_of_global, base.id, name.field), 0});
    if (!program_.entities[base.id].is_const)
      add(into, {Source::cell, flow_.cell(Flow::field_store, name.field), 0});
    return;
  }
  bool local = base.root == RootKind::local && base.id < function_.locals.size();
  bool temporary = base.root == RootKind::result && base.id < function_.ops.size();
  if (outer.field != none || (!local && !temporary)) {
    add(into, {Source::cell, flow_.cell(Flow::field_read, name.field), 0});
    return;
  }
  std::uint32_t n = local ? base.id : result(base.id);
  reads_[n].push_back({name.field, into});
  if (!queued_[n]) {
    queued_[n] = true;
    work_.push_back(n);
  }
}

void LocalFlow::flow(const Operand &o, std::uint32_t into) {
  switch (o.kind) {
  case OperandKind::closure:
  case OperandKind::function:
    for (FunctionId body : flow_.bodies(f_, o.entity))
      add(into, {Source::body, body, 0});
    return;
  case OperandKind::select:
  case OperandKind::both:
  case OperandKind::either:
  case OperandKind::bits_or: // a pointer with marks in its low bits
  case OperandKind::bits_and:
    for (const Operand &choice : o.choices)
      flow(choice, into);
    return;
  case OperandKind::result:
    if (o.op < function_.ops.size())
      edge(result(o.op), into);
    return;
  case OperandKind::path: break;
  default: return;
  }
  for (FunctionId body : flow_.call_operators(f_, o.type)) // and who gave it, a parameter say
    add(into, {Source::body, body, 0});
  if (TypeId record = none; o.path.root == RootKind::self && flow_.is_self(f_, o.path, record))
    add(into, {Source::object, record, 1});
  if (!carries(program_, o.type))
    return;
  Named name = named(program_, o.path);
  if (name.field != none)
    return read_field(name, into);
  switch (o.path.root) {
  case RootKind::local:
    if (o.path.id < function_.locals.size())
      edge(o.path.id, into);
    return;
  case RootKind::global: return add(into, {Source::cell, flow_.cell(Flow::global, o.path.id), 0});
  case RootKind::capture: return add(into, {Source::capture, f_, o.path.id});
  case RootKind::result:
    if (o.path.id < function_.ops.size())
      edge(result(o.path.id), into);
    return;
  default: return;
  }
}

// `what` is put into the object that `to` names, by library code.
void LocalFlow::given(const Operand &to, const Operand &what) {
  if (to.kind != OperandKind::path || !carries(program_, what.type) || named(program_, to.path).field != none)
    return;
  if (to.path.root == RootKind::local && to.path.id < function_.locals.size())
    flow(what, to.path.id);
}

void LocalFlow::construct(OpId i) {
  const Operation &op = function_.ops[i];
  std::uint32_t n = result(i);
  if (TypeId record = none; flow_.is_called_virtually(op.type, &record))
    add(n, {Source::object, record, 0});
  if (auto bodies = flow_.call_operators(f_, op.type); !bodies.empty()) {
    for (FunctionId body : bodies)
      add(n, {Source::body, body, 0});
    return;
  }
  bool seen = op.callee != none && program_.body_for(f_, op.callee) != none;
  bool copies = op.args.size() == 1 && program_.record_behind(op.args[0].type) == program_.record_behind(op.type);
  TypeId record = program_.record_behind(op.type);
  bool library = record != none && (program_.types[record].system || library_.type(record));
  if (copies || (library && !seen))
    for (const Operand &a : op.args)
      if (carries(program_, a.type))
        flow(a, n);
  if (op.path.root == RootKind::local && op.path.id < function_.locals.size() && named(program_, op.path).field == none)
    edge(n, op.path.id);
}

void LocalFlow::call(OpId i) {
  const Operation &op = function_.ops[i];
  std::uint32_t n = result(i);
  if (op.callee == none)
    return;
  if (TypeId record = none; op.makes != none && flow_.is_called_virtually(op.makes, &record))
    add(n, {Source::object, record, 0});
  FunctionId body = program_.body_for(f_, op.callee);
  llvm::SmallVector<FunctionId, 4> bodies;
  if (body != none)
    bodies.push_back(body);
  if (op.virtual_call)
    bodies.append(program_.overriders(op.callee).begin(), program_.overriders(op.callee).end());
  // What the callee writes through `p`, to what the caller names; of a virtual method, all that override it.
  auto written = [&](FunctionId to, Flow::CellKind kind, std::uint32_t of) {
    for (LocalId p = 0; p < program_.functions[to].parameter_count && p < op.args.size(); ++p) {
      const Operand &a = op.args[p];
      if (a.kind == OperandKind::path && a.path.root == RootKind::local && a.path.id < function_.locals.size() &&
          named(program_, a.path).field == none && flow_.writes_through(to, p))
        add(a.path.id, {Source::cell, flow_.cell(kind, of, p), 0});
    }
  };
  if (body != none)
    written(body, Flow::written_through, body);
  if (op.virtual_call && !program_.overriders(op.callee).empty())
    written(program_.overriders(op.callee).front(), Flow::virtual_written, op.callee);
  for (FunctionId to : bodies)
    for (const Source &s : flow_.returns_[to]) {
      if (s.kind != Source::parameter || s.a != to)
        add(n, s);
      else if (s.b < op.args.size())
        flow(op.args[s.b], n);
    }
  if (!bodies.empty())
    return;
  if (const FunctionModel *m = library_.function(op); m && m->returns_subject) {
    if (!op.args.empty() && m->returned_arg < static_cast<int>(op.args.size()))
      flow(op.args[m->returned_arg], n);
    else if (op.receiver.kind != OperandKind::unknown)
      flow(op.receiver, n);
    return;
  }
  const Entity &callee = program_.entities[op.callee];
  bool assigns = Library::is_assignment(program_.qualified(op.callee));
  if (!callee.system) {
    if (assigns && !op.args.empty())
      given(op.receiver, op.args[0]);
    return;
  }
  if (op.receiver.kind != OperandKind::unknown)
    flow(op.receiver, n);
  for (const Operand &a : op.args)
    if (carries(program_, a.type))
      flow(a, n);
  for (auto [to, what] : library_.kept_by_library(op))
    given(*to, *what);
}

void LocalFlow::operation(OpId i) {
  const Operation &op = function_.ops[i];
  if (op.kind == OpKind::construct)
    construct(i);
  else if (op.kind == OpKind::call)
    call(i);
  else if (op.kind == OpKind::closure && op.callee != none) {
    for (FunctionId body : flow_.bodies(f_, op.callee))
      add(result(i), {Source::body, body, 0});
  } else if ((op.kind == OpKind::await || op.kind == OpKind::ret) && !op.args.empty()) {
    flow(op.args[0], result(i)); // the call of a coroutine stands for what it gives in the end
  } else if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty() &&
             op.path.root == RootKind::local && op.path.id < function_.locals.size() && named(program_, op.path).field == none) {
    flow(op.args[0], op.path.id);
  }
  if (op.use.kind == UseKind::stored && op.use.target.root == RootKind::local && op.use.target.id < function_.locals.size() &&
      named(program_, op.use.target).field == none)
    edge(result(i), op.use.target.id);
}

void LocalFlow::propagate() {
  while (!work_.empty()) {
    std::uint32_t n = work_.back();
    work_.pop_back();
    queued_[n] = false;
    const Sources set = sets_[n];
    for (std::uint32_t to : users_[n])
      for (const Source &s : set)
        add(to, s);
    for (FieldRead &read : reads_[n])
      for (const Source &s : set) {
        EntityId which = none;
        if (flow_.is_global(s, &which)) {
          add(read.into, {Source::cell, flow_.cell(Flow::field_of_global, which, read.field), 0});
          if (program_.entities[which].is_const)
            continue;
          add(read.into, {Source::cell, flow_.cell(Flow::field_store, read.field), 0});
        } else {
          add(read.into, {Source::cell, flow_.cell(Flow::field_read, read.field), 0});
        }
        read.seen = true;
      }
  }
}

void LocalFlow::solve() {
  for (LocalId l = 0; l < function_.parameter_count; ++l)
    if (carries(program_, function_.locals[l].type))
      add(l, {Source::parameter, f_, l});
  for (LocalId l = 0; l < function_.locals.size(); ++l)
    if (carries(program_, function_.locals[l].type))
      flow(function_.locals[l].init, l);
  for (OpId i = 0; i < function_.ops.size(); ++i)
    operation(i);
  propagate();
  // An object of which nothing is known has what any object of its class has.
  for (auto &reads : reads_)
    for (FieldRead &read : reads)
      if (!read.seen && sets_[read.into].empty())
        add(read.into, {Source::cell, flow_.cell(Flow::field_read, read.field), 0});
  propagate();
}

Sources LocalFlow::returned() const {
  Sources out;
  if (!carries(program_, function_.return_type) && !function_.coroutine)
    return out;
  for (OpId i = 0; i < function_.ops.size(); ++i) {
    const Operation &op = function_.ops[i];
    if (op.kind != OpKind::ret || op.args.empty())
      continue;
    const Sources &set = sets_[result(i)];
    out.insert(out.end(), set.begin(), set.end());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

} // namespace tenterhook::analysis
