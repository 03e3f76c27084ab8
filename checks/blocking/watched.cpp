// Reads of what a loop has said to be ready: the handlers that a loop runs after poll() or epoll_wait().
//
// The first read of the descriptor that the loop asked about does not wait. Which descriptor that is shows where the loop
// passes it to the handler, where the handler is registered with what it captured or with a field of the object that it
// captured; else it may be any that the handler has from its loop, and the read is possible at most. Another read of the same
// descriptor, a descriptor that the handler opened itself, and all that waits for other things, wait as anywhere.
#include "blocking/blocking.h"
#include "naming/lock_names.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// Whether the operand of a loop's call is part of what it asked about: poll(all.wanted, …) and all.wanted[i].fd.
bool Blocking::asked_about(FunctionId loop, const Operand &passed) const {
  return llvm::any_of(library_.origins(loop, passed), [&](const Value &v) {
    if (v.function != loop || v.operand.kind != OperandKind::path)
      return false;
    return llvm::any_of(program_.functions[loop].ops, [&](const Operation &op) {
      const FunctionModel *m = op.kind == OpKind::call ? library_.function(op) : nullptr;
      return m && m->waits_for_events && llvm::any_of(op.args, [&](const Operand &a) {
               return a.kind == OperandKind::path && has_prefix(v.operand.path.without_derefs(), a.path.without_derefs());
             });
    });
  });
}

// Whether a handler was registered with this descriptor: loop.on(fd, [fd] { … }), handlers[fd_] = [this] { … fd_ … }.
bool Blocking::registered_with(FunctionId handler, const AccessPath &descriptor) const {
  const Function &function = program_.functions[handler];
  const FunctionId home = function.lambda && function.enclosing != none ? program_.body_for(handler, function.enclosing) : none;
  if (home == none)
    return false;
  AccessPath outside = descriptor;
  if (descriptor.root == RootKind::capture) {
    const Operand &source = function.captures[descriptor.id].source;
    if (source.kind != OperandKind::path || !descriptor.steps.empty())
      return false;
    outside = source.path.without_derefs();
  }
  const auto &ops = program_.functions[home].ops;
  auto is_it = [&](const Operand &o) { return o.kind == OperandKind::path && o.path.without_derefs() == outside; };
  return llvm::any_of(ops, [&](const Operation &op) {
    if (op.kind != OpKind::call && op.kind != OpKind::construct)
      return false;
    if (llvm::none_of(op.args, [&](const Operand &a) { return llvm::is_contained(calls_.callable_targets(home, a), handler); }))
      return false;
    const bool keyed = op.receiver.kind == OperandKind::result && llvm::any_of(ops[op.receiver.op].args, is_it);
    return keyed || llvm::any_of(op.args, is_it);
  });
}

Blocking::Watched Blocking::watched(FunctionId f, OpId i, const Operand &descriptor, unsigned depth) const {
  const auto values = library_.origins(f, descriptor);
  if (values.size() != 1 || values.front().operand.kind != OperandKind::path)
    return Watched::no;
  AccessPath path = values.front().operand.path.without_derefs();
  if (values.front().function != f) { // what a closure captured, in the function that makes it
    if (descriptor.kind != OperandKind::path)
      return Watched::no;
    path = descriptor.path.without_derefs();
  }
  const Function &function = program_.functions[f];
  const bool parameter = path.root == RootKind::local && path.id < function.parameter_count;
  if (path.root == RootKind::local && !parameter)
    return Watched::no;
  auto same = [&](const Operation &op) {
    return takes(program_, op) && llvm::any_of(op.args, [&](const Operand &a) {
             return a.kind == OperandKind::path && a.path.without_derefs() == descriptor.path.without_derefs();
           });
  };
  for (OpId before = 0; before < i; ++before)
    if (const FunctionModel *m = same(function.ops[before]) ? library_.function(function.ops[before]) : nullptr;
        m && !m->blocks.empty())
      return Watched::no; // that one has taken what was there
  if (contexts_.watched(f)) {
    if (contexts_.repeats(f, i))
      return Watched::no;
    if (!parameter)
      return registered_with(f, path) ? Watched::ready : Watched::perhaps;
    bool asked = path.steps.empty() && !calls_.callers(f).empty();
    for (auto [caller, edge] : calls_.callers(f)) {
      const Operation &op = program_.functions[caller].ops[calls_.edges(caller)[edge].op];
      asked &= path.id < op.args.size() && asked_about(caller, op.args[path.id]);
    }
    return asked ? Watched::ready : Watched::perhaps;
  }
  if (depth >= limit_of(Limit::helpers))
    program_.limits().hit(Limit::helpers, f);
  if (depth >= limit_of(Limit::helpers) || calls_.callers(f).empty() || contexts_.repeats(f, i))
    return Watched::no;
  Watched least = Watched::ready;
  for (auto [caller, edge] : calls_.callers(f)) {
    const Edge &e = calls_.edges(caller)[edge];
    const Operation &op = program_.functions[caller].ops[e.op];
    Operand there = descriptor;
    there.path = path;
    if (parameter) {
      if (e.link != Link::direct || !path.steps.empty() || path.id >= op.args.size())
        return Watched::no;
      there = op.args[path.id];
    } else if (path.root == RootKind::self) {
      const bool own = op.receiver.kind == OperandKind::path && op.receiver.path.root == RootKind::self &&
                       op.receiver.path.without_derefs().steps.empty();
      if (!own)
        return contexts_.watched(caller) ? Watched::perhaps : Watched::no;
    } else {
      return Watched::no;
    }
    least = std::min(least, watched(caller, e.op, there, depth + 1));
  }
  return least;
}

// The same for the descriptor of a wait; `no` for what is given to one.
Blocking::Watched Blocking::watched(FunctionId f, OpId i, const Blocks &clause) const {
  const Operation &op = program_.functions[f].ops[i];
  if (!contexts_.any_watched() || !clause.fd || clause.fd_arg == receiver_arg || clause.cls == BlockClass::disk ||
      !takes(program_, op))
    return Watched::no;
  const auto descriptor = library_.subjects(op, {Subject::argument, clause.fd_arg});
  return descriptor.empty() ? Watched::no : watched(f, i, descriptor[0], 0);
}

} // namespace tenterhook::analysis
