// Narrowing: stores into everything of such a type, over the whole program; a class is known where all stores agree.
//
// Flow-insensitive, and one for all objects of a class: a field that one constructor binds to a file and another to a string
// is of no known class. What is stored and not understood makes it unknown.
#include "program/narrow.h"
#include <algorithm>
#include <set>

namespace tenterhook::analysis {

using namespace facts;

// The class that a reference, a pointer, or a library's smart pointer leads to.
TypeId Narrow::behind(TypeId t) const {
  t = program_.record_behind(t);
  if (t != none && !open_[t] && program_.types[t].system && !program_.types[t].args.empty() &&
      program_.types[t].bases.size() <= 1)
    if (TypeId inner = program_.record_behind(program_.types[t].args[0]); inner != none && open_[inner])
      return inner;
  return t;
}

// The class, if the type says it: one that is derived from such a base, and no base itself.
TypeId Narrow::specific(TypeId t) const {
  auto derived = [&](TypeId record) {
    if (record == none || open_[record] || !program_.types[record].system)
      return false;
    const auto bases = program_.with_bases(record);
    return std::any_of(bases.begin(), bases.end(), [&](TypeId base) { return open_[base]; });
  };
  t = program_.record_behind(t);
  const bool points = t != none && program_.types[t].system && !program_.types[t].args.empty();
  if (const TypeId inner = points ? program_.record_behind(program_.types[t].args[0]) : none;
      inner != none && (derived(inner) || open_[inner]))
    return derived(inner) ? inner : none;
  return derived(t) ? t : none;
}

bool Narrow::open(TypeId t) const {
  t = behind(t);
  return t != none && open_[t];
}

Narrow::Node Narrow::of_path(FunctionId f, const AccessPath &path) const {
  const AccessPath plain = path.without_derefs();
  const Function &function = program_.functions[f];
  Node node;
  TypeId declared = none;
  if (!plain.steps.empty()) {
    const PathStep &last = plain.steps.back();
    if (last.kind != StepKind::field || last.field == none)
      return {};
    node = {Node::entity, last.field, 0};
    declared = program_.entities[last.field].type;
  } else if (plain.root == RootKind::global) {
    node = {Node::entity, plain.id, 0};
    declared = program_.entities[plain.id].type;
  } else if (plain.root == RootKind::local && plain.id < function.locals.size()) {
    node = {Node::local, f, plain.id};
    declared = function.locals[plain.id].type;
  } else {
    return {};
  }
  if (declared == none)
    return {};
  if (open(declared) && !(program_.types[declared].kind == TypeKind::record && open_[declared]))
    return node;
  const TypeId said = specific(declared);
  return said == none ? Node{} : Node{Node::exact, said, 0};
}

Narrow::Node Narrow::of(FunctionId f, const Operand &operand, unsigned depth) const {
  constexpr unsigned deepest = 64; // out << a << b << …
  if (operand.kind == OperandKind::path)
    return of_path(f, operand.path);
  if (operand.kind != OperandKind::result || depth > deepest)
    return {};
  const Operation &op = program_.functions[f].ops[operand.op];
  if (const TypeId said = specific(op.makes != none && open(op.type) ? op.makes : op.type); said != none)
    return {Node::exact, said, 0};
  if (op.kind == OpKind::construct) // a smart pointer
    return op.args.empty() || !open(op.type) ? Node{} : of(f, op.args[0], depth + 1);
  if (op.kind != OpKind::call || op.callee == none || !open(op.type))
    return {};
  if (FunctionId body = op.virtual_call ? none : program_.body_for(f, op.callee); body != none)
    return {Node::returned, body, 0};
  if (!program_.entities[op.callee].system)
    return {};
  if (op.receiver.kind != OperandKind::unknown) // *p, p.get(), out.write(…)
    return of(f, op.receiver, depth + 1);
  return op.args.empty() ? Node{} : of(f, op.args[0], depth + 1); // out << x, std::move(p)
}

void Narrow::store(const Node &into, const Node &what) {
  if (into.kind != Node::nothing && into.kind != Node::exact && into != what)
    sources_[into].push_back(what);
}

void Narrow::collect(FunctionId f) {
  const Function &function = program_.functions[f];
  for (LocalId l = function.parameter_count; l < function.locals.size(); ++l)
    if (const Local &local = function.locals[l]; open(local.type) && local.init.kind != OperandKind::unknown)
      store(of_path(f, {RootKind::local, l, {}, false}), of(f, local.init));
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    Operand value;
    value.kind = OperandKind::result;
    value.op = i;
    if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write)) {
      if (Node to = of_path(f, op.path); to.kind != Node::exact && to.kind != Node::nothing)
        store(to, op.args.empty() ? Node{} : of(f, op.args[0]));
    } else if (op.kind == OpKind::construct && op.path.valid() && op.path.root != RootKind::result && open(op.type) &&
               !op.args.empty() && op.args[0].kind != OperandKind::null) {
      store(of_path(f, op.path), of(f, value));
    } else if (op.use.kind == UseKind::stored && open(op.type) && op.kind == OpKind::call && !op.implicit) {
      store(of_path(f, op.use.target), of(f, value));
    } else if (op.kind == OpKind::ret && !op.args.empty() && open(function.return_type)) {
      store({Node::returned, f, 0}, of(f, op.args[0]));
    }
    if ((op.kind != OpKind::call && op.kind != OpKind::construct) || op.callee == none)
      continue;
    if (op.kind == OpKind::call && op.receiver.kind == OperandKind::path && open(op.receiver.type) &&
        program_.entities[op.callee].system && program_.qualified(op.callee).ends_with("::operator=") && op.args.size() == 1 &&
        op.args[0].kind != OperandKind::null)
      store(of_path(f, op.receiver.path), of(f, op.args[0]));
    if (op.kind == OpKind::call && op.receiver.kind == OperandKind::path && open(op.receiver.type) &&
        program_.entities[op.callee].system && program_.qualified(op.callee).ends_with("::reset") && !op.args.empty() &&
        op.args[0].kind != OperandKind::null)
      store(of_path(f, op.receiver.path), of(f, op.args[0]));
    llvm::SmallVector<FunctionId, 4> bodies;
    if (FunctionId body = program_.body_for(f, op.callee); body != none)
      bodies.push_back(body);
    if (op.virtual_call)
      bodies.append(program_.overriders(op.callee).begin(), program_.overriders(op.callee).end());
    for (FunctionId body : bodies)
      for (LocalId p = 0; p < program_.functions[body].parameter_count && p < op.args.size(); ++p)
        if (open(program_.functions[body].locals[p].type))
          store({Node::local, body, p}, of(f, op.args[p]));
  }
}

void Narrow::solve() {
  std::map<Node, std::vector<Node>> users;
  std::set<Node> work;
  for (const auto &[into, what] : sources_)
    for (const Node &w : what) {
      if (w.kind != Node::exact && w.kind != Node::nothing)
        users[w].push_back(into);
      work.insert(into);
    }
  auto value = [&](const Node &n) -> std::optional<TypeId> { // absent: nothing yet
    if (n.kind == Node::exact)
      return n.a;
    if (n.kind == Node::nothing || !sources_.count(n))
      return none; // of a parameter nobody calls, of a field nobody sets: anything
    auto it = classes_.find(n);
    return it == classes_.end() ? std::nullopt : std::optional(it->second);
  };
  while (!work.empty()) {
    const Node n = *work.begin();
    work.erase(work.begin());
    std::optional<TypeId> all;
    for (const Node &w : sources_[n])
      if (std::optional<TypeId> one = value(w))
        all = all && *all != *one ? none : *one;
    if (!all || (classes_.count(n) && classes_[n] == *all))
      continue;
    classes_[n] = *all;
    for (const Node &user : users[n])
      work.insert(user);
  }
}

TypeId Narrow::narrowed(FunctionId f, const Operand &operand) const {
  const TypeId base = program_.record_behind(operand.type);
  if (base == none || !open_[base])
    return none;
  if (operand.kind == OperandKind::result) // out << a << b: the first says it
    if (const Operation &op = program_.functions[f].ops[operand.op];
        op.kind != OpKind::call || op.callee == none || program_.entities[op.callee].system)
      return none;
  const Node node = of(f, operand);
  const auto known = classes_.find(node);
  const TypeId type = node.kind == Node::exact ? node.a : known == classes_.end() ? none : known->second;
  if (type == none || type == base || !program_.types[type].system)
    return none;
  const auto bases = program_.with_bases(type);
  return std::find(bases.begin(), bases.end(), base) == bases.end() ? none : type;
}

void Narrow::run() {
  open_.assign(program_.types.size(), false);
  for (TypeId t = 0; t < program_.types.size(); ++t)
    if (program_.types[t].system)
      for (TypeId base : program_.with_bases(t))
        open_[base] = open_[base] || (base != t && program_.types[base].system);
  if (std::find(open_.begin(), open_.end(), true) == open_.end())
    return;
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    collect(f);
  solve();
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    for (Operation &op : program_.functions[f].ops) {
      if (op.kind != OpKind::call)
        continue;
      if (TypeId type = narrowed(f, op.receiver); type != none)
        op.receiver.type = type;
      for (Operand &arg : op.args)
        if (TypeId type = narrowed(f, arg); type != none)
          arg.type = type;
    }
}

} // namespace tenterhook::analysis
