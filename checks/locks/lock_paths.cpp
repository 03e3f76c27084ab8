// Names of locks: aliases of a function, results of calls, a callee's names in its caller.
#include "locks/lock_paths.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

bool has_prefix(const AccessPath &path, const AccessPath &prefix) {
  return prefix.valid() && path.root == prefix.root && path.id == prefix.id &&
         path.steps.size() >= prefix.steps.size() &&
         std::equal(prefix.steps.begin(), prefix.steps.end(), path.steps.begin());
}

AccessPath rebase(const AccessPath &path, const AccessPath &prefix, const AccessPath &by) {
  AccessPath out = by;
  for (std::size_t i = prefix.steps.size(); i < path.steps.size(); ++i) {
    if (out.steps.size() == AccessPath::max_steps) {
      out.truncated = true;
      break;
    }
    out.steps.push_back(path.steps[i]);
  }
  out.truncated |= path.truncated;
  return out;
}

static bool refers(const Program &program, TypeId type) { return type != none && program.types[type].pointee != none; }

PathFacts::PathFacts(const Program &program)
    : returned(program.functions.size()), references(program.functions.size()), changing(program.entities.size()) {
  for (FunctionId f = 0; f < program.functions.size(); ++f) {
    const Function &function = program.functions[f];
    bool returns_reference = refers(program, function.return_type), several = false;
    for (const Operation &op : function.ops) {
      if (op.kind == OpKind::ret && returns_reference && !op.args.empty()) {
        bool named = op.args[0].kind == OperandKind::path;
        AccessPath path = named ? op.args[0].path.without_derefs() : AccessPath{};
        bool own = path.root == RootKind::local && path.id >= function.parameter_count;
        several |= !named || own || (returned[f] && *returned[f] != path);
        returned[f] = path;
      }
      if (op.kind != OpKind::access || !(op.access & ~static_cast<unsigned>(AccessKind::read)))
        continue;
      AccessPath path = op.path.without_derefs();
      if (function.constructor && path.root == RootKind::self) {
        const AccessPath from = op.args.empty() ? AccessPath{} : op.args[0].path.without_derefs();
        bool parameter = from.root == RootKind::local && from.id < function.parameter_count;
        if (path.steps.size() == 1 && path.steps[0].field != none && parameter &&
            op.args[0].kind == OperandKind::path && refers(program, program.entities[path.steps[0].field].type))
          references[f].push_back({path, from});
        continue;
      }
      if (path.steps.empty() ? path.root == RootKind::global : path.steps.back().field != none)
        changing[path.steps.empty() ? path.id : path.steps.back().field] = true;
    }
    if (several)
      returned[f].reset();
  }
}

bool PathFacts::stable(const AccessPath &path) const {
  if (path.root == RootKind::global && changing[path.id])
    return false;
  for (const PathStep &s : path.steps)
    if (s.kind == StepKind::index || (s.kind == StepKind::field && (s.field == none || changing[s.field])))
      return false;
  return path.valid();
}

LockPaths::LockPaths(const Program &program, const Library &library, const PathFacts &facts, FunctionId f)
    : program_(program), library_(library), facts_(facts), f_(f), function_(program.functions[f]) {
  for (const Operation &op : function_.ops)
    if (op.kind == OpKind::call && op.callee != none && op.args.size() == 1 && op.args[0].kind == OperandKind::result &&
        Library::last_name(program.qualified(op.callee)) == "operator=")
      assigned_.push_back(op.args[0].op);
  aliases_ = facts.references[f];
  collect_locals();
  calls_.clear();
  collect_members();
  calls_.clear(); // what was remembered may have missed names found after it
}

// References, and pointers that nothing but their declaration sets.
void LockPaths::collect_locals() {
  for (LocalId l = function_.parameter_count; l < function_.locals.size(); ++l) {
    const Local &local = function_.locals[l];
    const AccessPath self{RootKind::local, l, {}, false};
    if (llvm::StringRef(program_.str(local.name))
            .starts_with("__begin")) { // the iterator of a range-for: the whole range
      const Operand &made = local.init;
      const Operand *range = made.kind == OperandKind::path ? &made : nullptr;
      if (made.kind == OperandKind::result && function_.ops[made.op].kind == OpKind::call)
        if (const Operation &begin = function_.ops[made.op]; begin.receiver.kind != OperandKind::unknown)
          range = &begin.receiver;
      if (AccessPath path = range ? of(*range) : AccessPath{}; path.valid() && !has_prefix(path, self))
        aliases_.push_back({self, path});
      continue;
    }
    if (!refers(program_, local.type))
      continue;
    if (program_.types[local.type].kind == TypeKind::pointer) {
      unsigned writes = 0;
      for (const Operation &op : function_.ops)
        if (op.kind == OpKind::access && op.path == self)
          writes += op.access & static_cast<unsigned>(AccessKind::address) ? 2
                    : op.access & static_cast<unsigned>(AccessKind::write) ? 1
                                                                            : 0;
      if (writes > 1)
        continue;
    }
    if (local.init.kind == OperandKind::path)
      aliases_.push_back({self, resolve(local.init.path.without_derefs())});
    else if (local.init.kind == OperandKind::result && function_.ops[local.init.op].kind == OpKind::call)
      if (AccessPath path = call(local.init.op); path.valid() && path != self)
        aliases_.push_back({self, path});
  }
}

// What members of objects that are made here refer to.
void LockPaths::collect_members() {
  for (OpId i = 0; i < function_.ops.size(); ++i) {
    const Operation &op = function_.ops[i];
    if (op.kind != OpKind::construct)
      continue;
    AccessPath object = home(i);
    if (FunctionId body = op.callee == none ? none : program_.body_for(f_, op.callee); body != none) {
      for (const auto &[member, parameter] : facts_.references[body])
        if (AccessPath path = substitute(parameter, i, object, body); path.valid())
          aliases_.push_back({rebase(member, {RootKind::self, none, {}, false}, object), path});
    } else if (TypeId type = program_.strip_references(op.type); op.callee == none && type != none) {
      const std::vector<FieldInfo> &fields = program_.types[type].fields;
      for (std::size_t a = 0; a < op.args.size() && a < fields.size(); ++a)
        if (refers(program_, fields[a].type) && op.args[a].kind == OperandKind::path) {
          AccessPath member = object;
          member.steps.push_back({StepKind::field, fields[a].entity});
          aliases_.push_back({member, of(op.args[a])});
        }
    }
  }
}

std::vector<Alias> LockPaths::members() const {
  std::vector<Alias> out;
  for (const Alias &a : aliases_)
    if (a.first.root == RootKind::self && a.second.root == RootKind::local && a.second.id < function_.parameter_count)
      out.push_back(a);
  return out;
}

AccessPath LockPaths::resolve(AccessPath path) const {
  if (path.root == RootKind::result && path.id != none && function_.ops[path.id].kind == OpKind::call) {
    const Operation &op = function_.ops[path.id];
    if (AccessPath root = !op.prvalue_result || refers(program_, op.type) ? call(path.id) : AccessPath{};
        root.valid() && root != AccessPath{RootKind::result, path.id, {}, false})
      path = rebase(path, {RootKind::result, path.id, {}, false}, root);
  }
  for (unsigned round = 0; round < 6; ++round) {
    const Alias *best = nullptr;
    for (const Alias &a : aliases_)
      if (has_prefix(path, a.first) && !has_prefix(a.second, a.first) &&
          (!best || a.first.steps.size() > best->first.steps.size()))
        best = &a;
    if (!best)
      break;
    path = rebase(path, best->first, best->second);
  }
  return path;
}

AccessPath LockPaths::of(const Operand &operand) const {
  if (operand.kind == OperandKind::path)
    return resolve(operand.path.without_derefs());
  if (operand.kind != OperandKind::result)
    return {};
  const Operation &op = function_.ops[operand.op];
  bool refers_to = op.kind == OpKind::call && (!op.prvalue_result || refers(program_, op.type));
  return refers_to ? call(operand.op) : home(operand.op);
}

AccessPath LockPaths::home(OpId i) const {
  const Operation &op = function_.ops[i];
  AccessPath temporary{RootKind::result, i, {}, false};
  if (op.kind == OpKind::construct && op.path.valid() && op.path.root != RootKind::result)
    return resolve(op.path.without_derefs());
  if (op.use.kind == UseKind::stored && op.use.target.valid() &&
      std::find(assigned_.begin(), assigned_.end(), i) == assigned_.end())
    return resolve(op.use.target.without_derefs());
  return temporary;
}

bool LockPaths::same_value(const Operand &a, const Operand &b) const {
  if (a.kind != b.kind || a.value != b.value || a.text != b.text || a.entity != b.entity)
    return false;
  return a.kind == OperandKind::path || a.kind == OperandKind::result ? of(a) == of(b) : true;
}

// The object that a call's result refers to. Remembered: numbering asks for the same calls again and again.
AccessPath LockPaths::call(OpId i) const {
  if (auto it = calls_.find(i); it != calls_.end())
    return it->second;
  AccessPath path = find_call(i);
  calls_.emplace(i, path);
  return path;
}

AccessPath LockPaths::find_call(OpId i) const {
  const Operation &op = function_.ops[i];
  AccessPath itself{RootKind::result, i, {}, false};
  if (op.callee == none)
    return itself;
  auto named = [&](const Operand &o) { return o.kind == OperandKind::path || o.kind == OperandKind::result; };
  if (const FunctionModel *m = library_.function(op); m && m->returns_subject) {
    if (m->returned_arg < static_cast<int>(op.args.size()) && named(op.args[m->returned_arg]))
      return of(op.args[m->returned_arg]);
    if (named(op.receiver))
      return of(op.receiver);
  }
  if (FunctionId body = op.virtual_call ? none : program_.body_for(f_, op.callee);
      body != none && facts_.returned[body])
    if (AccessPath path = substitute(*facts_.returned[body], i, of(op.receiver), body); path.valid())
      return path;
  // An element of a container, of a pair: the whole of it.
  if (program_.entities[op.callee].system && !op.prvalue_result) {
    if (named(op.receiver))
      return of(op.receiver);
    if (op.args.size() == 1 && named(op.args[0]))
      return of(op.args[0]);
  }
  for (OpId j = 0; j < i; ++j) {
    const Operation &other = function_.ops[j];
    if (other.kind == OpKind::call && other.callee == op.callee && other.args.size() == op.args.size() &&
        same_value(other.receiver, op.receiver) &&
        std::equal(op.args.begin(), op.args.end(), other.args.begin(),
                   [&](auto &a, auto &b) { return same_value(a, b); }))
      return {RootKind::result, j, {}, false};
  }
  return itself;
}

AccessPath LockPaths::substitute(const AccessPath &path, OpId i, const AccessPath &self, FunctionId body) const {
  const Operation &op = function_.ops[i];
  AccessPath root;
  switch (path.root) {
  case RootKind::local:
    if (path.id >= program_.functions[body].parameter_count || path.id >= op.args.size())
      return {};
    root = of(op.args[path.id]);
    break;
  case RootKind::self:
    root = self;
    break;
  case RootKind::global:
    return path;
  case RootKind::capture: {
    const Function &lambda = program_.functions[body];
    if (path.id >= lambda.captures.size() || lambda.enclosing != function_.entity)
      return {};
    root = of(lambda.captures[path.id].source);
    break;
  }
  case RootKind::result:
    if (path.id != none)
      return {RootKind::result, i, {}, false}; // a temporary of the callee: no name here
    root = home(i);
    break;
  default:
    return {};
  }
  if (!root.valid())
    return {};
  return resolve(rebase(path, {path.root, path.id, {}, false}, root));
}

} // namespace tenterhook::analysis
