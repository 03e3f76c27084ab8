// Descriptors: opens and switches are collected, then carried from a helper's parameter to its callers' arguments.
#include "analysis/descriptors.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

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
        if (op.use.kind == UseKind::stored && mode != DescriptorMode::unknown)
          if (auto k = key(f, op.use.target))
            (mode == DescriptorMode::nonblocking ? nonblocking_ : blocking_).insert(*k);
      }
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

DescriptorMode Descriptors::mode(FunctionId f, const Operand &descriptor) const {
  DescriptorMode mode = DescriptorMode::unknown;
  auto look = [&](FunctionId in, const Operand &o) {
    if (o.kind == OperandKind::path) {
      if (auto k = key(in, o.path)) {
        if (nonblocking_.count(*k))
          return DescriptorMode::nonblocking;
        if (blocking_.count(*k))
          return DescriptorMode::blocking;
      }
    } else if (o.kind == OperandKind::constant) {
      return DescriptorMode::blocking; // 0: standard input
    } else if (o.kind == OperandKind::result) {
      const Operation &op = program_.functions[in].ops[o.op];
      const FunctionModel *m = library_.function(op);
      if (m && m->opens_descriptor)
        return opened(in, op);
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
  return mode;
}

} // namespace tenterhook::analysis
