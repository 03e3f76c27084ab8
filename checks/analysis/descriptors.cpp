// Descriptors: opens and switches are collected, then carried from a helper's parameter to its callers' arguments.
#include "analysis/descriptors.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// Ints of an array: where pipe() and socketpair() leave two descriptors.
static bool is_array(const Program &program, FunctionId f, const AccessPath &path) {
  TypeId type = none;
  if (!path.steps.empty())
    type = path.steps.back().kind == StepKind::field && path.steps.back().field != none ? program.entities[path.steps.back().field].type : none;
  else if (path.root == RootKind::local)
    type = program.functions[f].locals[path.id].type;
  else if (path.root == RootKind::global)
    type = program.entities[path.id].type;
  return type != none && llvm::StringRef(program.str(program.types[type].spelling)).starts_with("int[");
}

Descriptors::Descriptors(const Program &program, const Library &library) : program_(program), library_(library) {
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    for (const Operation &op : program.functions[f].ops) {
      if (op.kind != OpKind::call)
        continue;
      const FunctionModel *m = library.function(op);
      if (!m)
        continue;
      if (m->sets_nonblocking &&
          std::all_of(m->sets_nonblocking_when.begin(), m->sets_nonblocking_when.end(),
                      [&](const Condition &c) { return library.holds(f, op, c, /*unknown_is=*/true); }) &&
          std::none_of(m->sets_nonblocking_unless.begin(), m->sets_nonblocking_unless.end(),
                       [&](const Condition &c) { return library.holds(f, op, c); })) {
        any_nonblocking_ = true;
        for (const Operand &o : library.subjects(op, *m->sets_nonblocking))
          note(f, o, DescriptorMode::nonblocking);
      }
      if (m->opens_descriptor) {
        DescriptorMode mode = opened(f, op);
        any_nonblocking_ |= mode == DescriptorMode::nonblocking;
        if (mode == DescriptorMode::unknown)
          continue;
        auto opens = [&](const AccessPath &path) {
          if (auto k = key(f, path))
            (mode == DescriptorMode::nonblocking ? nonblocking_ : blocking_).insert(*k);
        };
        if (op.use.kind == UseKind::stored)
          opens(op.use.target);
        for (const Operand &arg : op.args) // pipe2(ends, flags)
          if (arg.kind == OperandKind::path && is_array(program, f, arg.path))
            opens(arg.path);
      }
    }
  // Connection(make_socket()), fd_(fd): what is given to a parameter or stored keeps its mode.
  for (bool grew = true; grew;) {
    grew = false;
    for (FunctionId f = 0; f < program.functions.size(); ++f)
      for (const Operation &op : program.functions[f].ops)
        grew |= pass_on(f, op);
  }
  // set_nonblocking(fd): what a parameter becomes, the argument becomes.
  for (bool grew = true; grew;) {
    grew = false;
    for (FunctionId f = 0; f < program.functions.size(); ++f)
      for (const Operation &op : program.functions[f].ops) {
        if ((op.kind != OpKind::call && op.kind != OpKind::construct) || op.callee == none)
          continue;
        FunctionId body = program.body_for(f, op.callee);
        if (body == none)
          continue;
        for (std::uint32_t a = 0; a < op.args.size() && a < program.functions[body].parameter_count; ++a)
          if (nonblocking_.count({body, a}))
            grew |= note(f, op.args[a], DescriptorMode::nonblocking);
      }
  }
}

bool Descriptors::pass_on(FunctionId f, const Operation &op) {
  auto is_descriptor = [&](TypeId t) {
    return t != none && (program_.types[t].kind == TypeKind::integer || wraps_one(t));
  };
  auto is_nonblocking = [&](const Operand &o) {
    return is_descriptor(o.type) && (o.kind == OperandKind::path || o.kind == OperandKind::result) && mode(f, o) == DescriptorMode::nonblocking;
  };
  bool grew = false;
  if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty() && is_nonblocking(op.args[0]))
    if (auto k = key(f, op.path))
      grew |= nonblocking_.insert(*k).second;
  if ((op.kind != OpKind::call && op.kind != OpKind::construct) || op.callee == none)
    return grew;
  FunctionId body = program_.body_for(f, op.callee);
  if (body == none)
    return grew;
  for (std::uint32_t a = 0; a < op.args.size() && a < program_.functions[body].parameter_count; ++a)
    if (given_.count({body, a}) == 0 && is_nonblocking(op.args[a]))
      grew |= given_.insert({body, a}).second;
  return grew;
}

std::optional<Descriptors::Key> Descriptors::key(FunctionId f, const AccessPath &path) const {
  for (auto it = path.steps.rbegin(); it != path.steps.rend(); ++it)
    if (it->kind == StepKind::field)
      return Key{none, it->field};
  if (path.root == RootKind::global)
    return Key{none, path.id};
  if (path.root == RootKind::local)
    return Key{f, path.id};
  return std::nullopt;
}

bool Descriptors::note(FunctionId f, const Operand &operand, DescriptorMode mode) {
  bool grew = false;
  auto add = [&](FunctionId in, const Operand &o) {
    if (o.kind == OperandKind::path)
      if (auto k = key(in, o.path))
        grew |= (mode == DescriptorMode::nonblocking ? nonblocking_ : blocking_).insert(*k).second;
  };
  add(f, operand);
  for (const Value &v : library_.origins(f, operand))
    add(v.function, v.operand);
  return grew;
}

DescriptorMode Descriptors::opened(FunctionId f, const Operation &op) const {
  const FunctionModel *m = library_.function(op);
  for (const Condition &c : m->opens_nonblocking_when)
    if (library_.holds(f, op, c))
      return DescriptorMode::nonblocking;
  for (const Condition &c : m->opens_nonblocking_when)
    if (library_.holds(f, op, c, /*unknown_is=*/true))
      return DescriptorMode::unknown;
  return DescriptorMode::blocking;
}

// What a function of the program returns, if all its returns agree: `int make() { return socket(…); }`.
DescriptorMode Descriptors::returned(FunctionId f, const Operation &call, unsigned depth) const {
  FunctionId body = call.callee == none ? none : program_.body_for(f, call.callee);
  if (body == none || depth > 4)
    return DescriptorMode::unknown;
  std::optional<DescriptorMode> agreed;
  for (const Operation &op : program_.functions[body].ops) {
    if (op.kind != OpKind::ret || op.args.empty() || op.args[0].kind == OperandKind::constant) // -1: an error
      continue;
    DescriptorMode one = mode(body, op.args[0], depth + 1);
    if (agreed && *agreed != one)
      return DescriptorMode::unknown;
    agreed = one;
  }
  return agreed.value_or(DescriptorMode::unknown);
}

bool Descriptors::wraps_one(TypeId t) const {
  const TypeModel *m = library_.type(t);
  return m && m->blocking_descriptor;
}

DescriptorMode Descriptors::mode(FunctionId f, const Operand &descriptor, unsigned depth) const {
  DescriptorMode mode = DescriptorMode::unknown;
  auto look = [&](FunctionId in, const Operand &o) {
    if (o.kind == OperandKind::path) {
      if (auto k = key(in, o.path)) {
        if (nonblocking_.count(*k) || given_.count(*k))
          return DescriptorMode::nonblocking;
        if (blocking_.count(*k))
          return DescriptorMode::blocking;
      }
    } else if (o.kind == OperandKind::constant) {
      return DescriptorMode::blocking; // 0: standard input
    } else if (o.kind == OperandKind::result) {
      const Operation &op = program_.functions[in].ops[o.op];
      const FunctionModel *m = library_.function(op);
      return m && m->opens_descriptor ? opened(in, op) : op.kind == OpKind::call ? returned(in, op, depth) : DescriptorMode::unknown;
    }
    return DescriptorMode::unknown;
  };
  if (mode = look(f, descriptor); mode != DescriptorMode::unknown)
    return mode;
  for (const Value &v : library_.origins(f, descriptor)) {
    DescriptorMode one = look(v.function, v.operand);
    if (one == DescriptorMode::nonblocking)
      return one;
    if (one != DescriptorMode::unknown)
      mode = one;
  }
  if (mode == DescriptorMode::unknown && wraps_one(descriptor.type))
    return DescriptorMode::presumed_blocking;
  return mode;
}

} // namespace tenterhook::analysis
