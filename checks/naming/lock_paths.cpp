// Names of locks in one function: aliases, results of calls, a callee's names in its caller.
#include "naming/lock_paths.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

bool refers(const Program &program, TypeId type) {
  return type != none && program.types[type].kind != TypeKind::array &&
         (program.types[type].pointee != none || program.types[type].kind == TypeKind::pointer); // void * has no pointee
}

LockPaths::LockPaths(const Program &program, const Library &library, const LockNames &names, FunctionId f)
    : program_(program), library_(library), names_(names), f_(f), function_(program.functions[f]),
      assigned_(function_.ops.size()) {
  for (OpId i = 0; i < function_.ops.size(); ++i) {
    const Operation &op = function_.ops[i];
    if (op.kind == OpKind::closure)
      closures_.try_emplace(op.callee, i);
    if (op.kind == OpKind::call && op.callee != none && op.args.size() == 1 &&
        Library::last_name(program.qualified(op.callee)) == "operator=") {
      if (op.args[0].kind == OperandKind::result)
        assigned_[op.args[0].op] = true;
      if (op.receiver.kind == OperandKind::path)
        reassigned_.insert(plain(op.receiver.path));
    }
  }
  if (function_.constructor)
    for (const auto &[name, meaning] : names.products(f))
      add(name, meaning);
  collect_locals();
  collect_objects();
  calls_.clear(); // what was remembered may have missed names found after it
  numbers_.clear();
  same_as_.clear();
  numbered_ = 0;
}

void LockPaths::add(AccessPath name, const AccessPath &meaning) {
  if (!name.valid() || !meaning.valid() || has_prefix(meaning, name))
    return;
  named_.insert({name.root, name.id});
  aliases_.try_emplace(std::move(name), meaning);
}

// References, pointers that are set once, and copies of smart pointers.
void LockPaths::collect_locals() {
  std::vector<unsigned> writes(function_.locals.size());
  std::vector<Operand> set_once(function_.locals.size()); // the last that was written
  for (const Operation &op : function_.ops)
    if (op.kind == OpKind::access && op.path.root == RootKind::local && op.path.steps.empty()) {
      if (op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty())
        set_once[op.path.id] = op.args[0];
      writes[op.path.id] += op.access & static_cast<unsigned>(AccessKind::address) ? 2
                            : op.access & static_cast<unsigned>(AccessKind::write) ? 1
                                                                                   : 0;
    }
  for (LocalId l = function_.parameter_count; l < function_.locals.size(); ++l) {
    const Local &local = function_.locals[l];
    const AccessPath self{RootKind::local, l, {}, false};
    if (llvm::StringRef(program_.str(local.name)).starts_with("__begin")) { // the iterator of a range-for: the whole range
      const Operand &made = local.init;
      const Operand *range = made.kind == OperandKind::path ? &made : nullptr;
      if (made.kind == OperandKind::result && function_.ops[made.op].kind == OpKind::call)
        if (const Operation &begin = function_.ops[made.op]; begin.receiver.kind != OperandKind::unknown)
          range = &begin.receiver;
      if (AccessPath path = range ? of(*range) : AccessPath{}; path.valid() && !has_prefix(path, self))
        add(self, path);
      continue;
    }
    if (!refers(program_, local.type))
      continue;
    if (program_.types[local.type].kind == TypeKind::pointer && writes[l] > 1)
      continue;
    if (local.init.kind == OperandKind::unknown && set_once[l].kind == OperandKind::path)
      add(self, resolve(plain(set_once[l].path)));
    else if (local.init.kind == OperandKind::path)
      add(self, resolve(plain(local.init.path)));
    else if (local.init.kind == OperandKind::closure)
      add(self, of(local.init));
    else if (local.init.kind == OperandKind::result && function_.ops[local.init.op].kind == OpKind::call)
      if (AccessPath path = call(local.init.op); path != self)
        add(self, path);
  }
}

// What members of objects that are made here refer to.
void LockPaths::collect_objects() {
  for (OpId i = 0; i < function_.ops.size(); ++i) {
    const Operation &op = function_.ops[i];
    if (op.kind == OpKind::closure) {
      collect_closure(i);
    } else if (op.kind == OpKind::construct) {
      AccessPath object = home(i);
      FunctionId body = op.callee == none ? none : program_.body_for(f_, op.callee);
      if (body != none)
        for (const auto &[member, meaning] : names_.products(body))
          if (AccessPath path = substitute(meaning, site(i), body); path.valid())
            add(rebase(member, own_object(), object), path);
      if (op.callee == none)
        collect_aggregate(i, object);
      else if (body == none && op.args.size() == 1 && names_.callable(op.type) && !reassigned_.count(object))
        add(object, of(op.args[0])); // a copy, or a wrapper of a callable
      else if (copies_pointer(op) && object.root == RootKind::local && !reassigned_.count(object))
        add(object, of(op.args[0]));
    } else if (op.kind == OpKind::call && op.callee != none && op.prvalue_result) {
      if (FunctionId body = program_.body_for(f_, op.callee); body != none && !op.virtual_call)
        for (const auto &[member, meaning] : names_.products(body))
          if (AccessPath path = substitute(meaning, site(i), body); path.valid() && member.root == RootKind::result)
            add(rebase(member, returned_object(), home(i)), path);
    } else if (op.kind == OpKind::await) {
      for (EntityId e : {op.await_transform, op.operator_co_await})
        if (FunctionId body = e == none ? none : program_.body_for(f_, e); body != none) {
          const AccessPath made{RootKind::result, i, {awaiter_step()}, false};
          const AccessPath operand = op.args.empty() ? AccessPath{} : of(op.args[0]);
          const std::vector<AccessPath> args{operand};
          for (const auto &[member, meaning] : names_.products(body))
            if (member.root == RootKind::result)
              add(rebase(member, returned_object(), made), substitute(meaning, {i, operand, made, &args}, body));
        }
    }
    if (op.makes != none) { // make_unique<Unlock>(mutex), slot.emplace(mutex)
      const AccessPath object = op.kind == OpKind::construct || op.prvalue_result ? home(i) : of(op.receiver);
      if (FunctionId maker = op.made_by == none ? none : program_.body_for(f_, op.made_by); maker != none) {
        std::vector<AccessPath> args; // the last ones: std::in_place stands before them
        const std::size_t count = std::min<std::size_t>(program_.functions[maker].parameter_count, op.args.size());
        for (std::size_t a = op.args.size() - count; a < op.args.size(); ++a)
          args.push_back(of(op.args[a]));
        for (const auto &[member, meaning] : names_.products(maker))
          if (AccessPath path = substitute(meaning, {i, object, object, &args}, maker); path.valid())
            add(rebase(member, own_object(), object), path);
      } else if (op.made_by == none && object.valid()) {
        collect_aggregate(i, object);
      }
    }
    // What owns an object that was made before has its members: std::unique_ptr<Unlock> owner(new Unlock(mutex)).
    const models::TypeModel *owner = op.kind == OpKind::construct ? library_.type(op.type) : nullptr;
    if (owner && (owner->smart_pointer || owner->owns_arguments))
      for (const Operand &arg : op.args)
        if (const AccessPath from = of(arg); from.valid() && from != home(i)) {
          std::vector<std::pair<AccessPath, AccessPath>> found;
          for (auto it = aliases_.lower_bound(from); it != aliases_.end() && has_prefix(it->first, from); ++it)
            found.push_back(*it);
          for (auto &[member, meaning] : found)
            if (member != from)
              add(rebase(member, from, home(i)), meaning);
        }
  }
}

// std::shared_ptr copy = other: both lead to the same object.
bool LockPaths::copies_pointer(const Operation &op) const {
  const TypeModel *m = op.args.size() == 1 && op.type != none ? library_.type(op.type) : nullptr;
  return m && m->smart_pointer && op.args[0].kind == OperandKind::path && !op.args[0].moved && !library_.wrapped_guard(op.type) &&
         program_.strip_references(op.args[0].type) == program_.strip_references(op.type);
}

void LockPaths::collect_aggregate(OpId i, const AccessPath &object) {
  const Operation &op = function_.ops[i];
  TypeId type = program_.strip_references(op.makes != none ? op.makes : op.type);
  if (type == none)
    return;
  const std::vector<FieldInfo> &fields = program_.types[type].fields;
  for (std::size_t a = 0; a < op.args.size() && a < fields.size(); ++a) {
    bool reference = refers(program_, fields[a].type) && op.args[a].kind == OperandKind::path;
    if (!reference && !names_.callable(fields[a].type))
      continue;
    AccessPath member = object;
    PathStep step;
    step.kind = StepKind::field;
    step.field = fields[a].entity;
    member.steps.push_back(step);
    add(member, of(op.args[a]));
  }
}

// What a closure captured by reference, and pointers, references and callables that it copied.
void LockPaths::collect_closure(OpId i) {
  FunctionId lambda = program_.body_for(f_, function_.ops[i].callee);
  if (lambda == none)
    return;
  const AccessPath closure = home(i);
  closure_homes_.try_emplace(closure, lambda);
  const auto &captures = program_.functions[lambda].captures;
  for (std::uint32_t c = 0; c < captures.size(); ++c) {
    if (captures[c].kind == CaptureKind::by_copy && !refers(program_, captures[c].type) && !names_.callable(captures[c].type))
      continue; // an object of its own
    AccessPath name = closure;
    name.steps.push_back(captured_step(names_.number(lambda, c)));
    add(name, of(captures[c].source));
  }
}

std::vector<Alias> LockPaths::products() const {
  std::vector<Alias> out;
  auto given = [&](const AccessPath &p) {
    return (p.root == RootKind::local && p.id < function_.parameter_count) || p.root == RootKind::self;
  };
  std::set<AccessPath> returned; // where the returned objects live meanwhile
  if (!function_.constructor)
    for (const Operation &op : function_.ops)
      if (op.kind == OpKind::ret && !op.args.empty())
        returned.insert(of(op.args[0]));
  for (const auto &[name, meaning] : aliases_) {
    AccessPath end = resolve(meaning);
    if (!given(end))
      continue;
    if (function_.constructor && name.root == RootKind::self)
      out.push_back({name, end});
    for (const AccessPath &object : returned)
      if (has_prefix(name, object))
        out.push_back({rebase(name, object, returned_object()), end});
  }
  return out;
}

std::vector<AccessPath> LockPaths::references(const AccessPath &object) const {
  std::vector<AccessPath> out;
  if (object.valid()) // names that start with the same path are neighbours
    for (auto it = aliases_.lower_bound(object); it != aliases_.end() && has_prefix(it->first, object); ++it)
      out.push_back(resolve(it->second));
  return out;
}

FunctionId LockPaths::closure_at(const AccessPath &path) const {
  auto it = closure_homes_.find(path);
  return it == closure_homes_.end() ? none : it->second;
}

AccessPath LockPaths::resolve(AccessPath path) const {
  if (path.root == RootKind::result && path.id != none && path.id < function_.ops.size() &&
      function_.ops[path.id].kind == OpKind::call) {
    const Operation &op = function_.ops[path.id];
    if (AccessPath root = !op.prvalue_result || refers(program_, op.type) ? call(path.id) : AccessPath{};
        root.valid() && root != AccessPath{RootKind::result, path.id, {}, false})
      path = rebase(path, {RootKind::result, path.id, {}, false}, root);
  }
  if (path.root == RootKind::result && path.id < function_.ops.size() && !path.steps.empty()) // a part of what is made there
    if (const Operation &made = function_.ops[path.id];
        made.kind == OpKind::construct && made.use.kind == UseKind::stored && !assigned_[path.id])
      path = rebase(path, {RootKind::result, path.id, {}, false}, plain(made.use.target));
  for (unsigned round = 0; round < 8; ++round) { // a chain of names; longer ones do not occur
    bool changed = false;
    if (named_.count({path.root, path.id})) {
      AccessPath prefix = path;
      prefix.truncated = false;
      for (;;) { // the longest name wins
        if (auto it = aliases_.find(prefix); it != aliases_.end()) {
          path = rebase(path, prefix, it->second);
          changed = true;
          break;
        }
        if (prefix.steps.empty())
          break;
        prefix.steps.pop_back();
      }
    }
    for (std::size_t s = 0; s < path.steps.size() && !changed; ++s) { // what a kept closure captured
      std::optional<std::uint32_t> number = captured_number(path.steps[s]);
      bool field = s > 0 && path.steps[s - 1].kind == StepKind::field;
      if (!number || (!field && !(s == 0 && path.root == RootKind::global)))
        continue;
      const AccessPath *meaning = names_.kept(field ? path.steps[s - 1].field : path.id, *number);
      if (!meaning)
        continue;
      AccessPath closure = path, object = path;
      closure.steps.resize(s + 1);
      object.steps.resize(s ? s - 1 : 0);
      AccessPath there = meaning->root == RootKind::self ? rebase(*meaning, own_object(), object) : *meaning;
      path = rebase(path, closure, there);
      changed = true;
    }
    if (!changed)
      break;
  }
  return path;
}

AccessPath LockPaths::of(const Operand &operand) const {
  if (operand.kind == OperandKind::path)
    return resolve(plain(operand.path));
  if (operand.kind == OperandKind::closure) {
    auto it = closures_.find(operand.entity);
    return it == closures_.end() ? AccessPath{} : home(it->second);
  }
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
    return resolve(plain(op.path));
  if (op.use.kind == UseKind::stored && op.use.target.valid() && !assigned_[i])
    return resolve(plain(op.use.target));
  return resolve(temporary);
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
  if (op.callee == none)
    return {RootKind::result, i, {}, false};
  auto named = [&](const Operand &o) { return o.kind == OperandKind::path || o.kind == OperandKind::result; };
  if (const FunctionModel *m = library_.function(op); m && m->returns_subject) {
    if (m->returned_arg < static_cast<int>(op.args.size()) && named(op.args[m->returned_arg]))
      return of(op.args[m->returned_arg]);
    if (named(op.receiver))
      return of(op.receiver);
  }
  if (FunctionId body = op.virtual_call ? none : program_.body_for(f_, op.callee); body != none && names_.returned(body))
    if (AccessPath path =
            substitute(*names_.returned(body), {i, of(op.receiver), {RootKind::result, i, {}, false}, nullptr}, body);
        path.valid())
      return path;
  // An element of a container, of a pair: the whole of it.
  if (program_.entities[op.callee].system && !op.prvalue_result) {
    if (named(op.receiver))
      return of(op.receiver);
    if (op.args.size() == 1 && named(op.args[0]))
      return of(op.args[0]);
  }
  return number(i);
}

// The first of the calls that say the same. All calls before this one have their numbers first.
AccessPath LockPaths::number(OpId i) const {
  while (numbered_ <= i) {
    const OpId now = numbered_++;
    const Operation &op = function_.ops[now];
    if (op.kind != OpKind::call || op.callee == none)
      continue;
    std::vector<Key> operands;
    auto add_key = [&](const Operand &o) {
      bool named = o.kind == OperandKind::path || o.kind == OperandKind::result;
      operands.push_back({o.kind, o.value, o.text, o.entity, named ? of(o) : AccessPath{}});
    };
    add_key(op.receiver);
    for (const Operand &a : op.args)
      add_key(a);
    same_as_[now] = numbers_.try_emplace({op.callee, std::move(operands)}, now).first->second;
  }
  return {RootKind::result, same_as_.at(i), {}, false};
}

Site LockPaths::site(OpId i) const {
  const Operation &op = function_.ops[i];
  return {i, op.kind == OpKind::construct ? home(i) : of(op.receiver), home(i), nullptr};
}

AccessPath LockPaths::awaiter(OpId await) const {
  const Operation &op = function_.ops[await];
  AccessPath object = op.args.empty() ? AccessPath{} : of(op.args[0]);
  const AccessPath made{RootKind::result, await, {awaiter_step()}, false};
  for (EntityId e : {op.await_transform, op.operator_co_await}) {
    if (e == none)
      continue;
    FunctionId body = program_.body_for(f_, e);
    if (body == none)
      return {};
    if (!refers(program_, program_.functions[body].return_type)) {
      object = made;
    } else {
      const std::vector<AccessPath> args{object};
      const auto &returned = names_.returned(body);
      object = returned ? substitute(*returned, {await, object, {}, &args}, body) : AccessPath{};
    }
  }
  return object;
}

AccessPath LockPaths::capture(FunctionId lambda, std::uint32_t index, const AccessPath &closure) const {
  const Function &function = program_.functions[lambda];
  if (index >= function.captures.size())
    return {};
  if (!closure.valid()) // called without an object that anyone sees
    return function.enclosing == function_.entity ? of(function.captures[index].source) : AccessPath{};
  AccessPath path = closure;
  path.steps.push_back(captured_step(names_.number(lambda, index)));
  return path;
}

// A recursion over a tree or a list comes by the same member again and again: all that it reaches by it is one, or no name
// would end it, and none of them stands in the code.
static AccessPath folded(AccessPath path) {
  for (std::size_t s = path.steps.size(); s-- > 0;) {
    if (path.steps[s].kind != StepKind::field || path.steps[s].field == none)
      continue;
    auto first = std::find(path.steps.begin(), path.steps.begin() + static_cast<std::ptrdiff_t>(s), path.steps[s]);
    if (first == path.steps.begin() + static_cast<std::ptrdiff_t>(s))
      continue;
    path.steps.erase(first, path.steps.begin() + static_cast<std::ptrdiff_t>(s));
    s = static_cast<std::size_t>(first - path.steps.begin());
  }
  return path;
}

AccessPath LockPaths::substitute(const AccessPath &path, const Site &site, FunctionId body) const {
  const Function &callee = program_.functions[body];
  AccessPath root;
  switch (path.root) {
  case RootKind::local:
    if (path.id >= callee.parameter_count)
      return {};
    if (site.args) {
      if (path.id < site.args->size())
        root = (*site.args)[path.id];
    } else if (const Operation &op = function_.ops[site.op]; path.id < op.args.size()) {
      root = of(op.args[path.id]);
    }
    break;
  case RootKind::self:
    root = site.self;
    if (callee.lambda) { // its `this` is one of its captures
      root = {};
      for (std::uint32_t c = 0; c < callee.captures.size(); ++c)
        if (callee.captures[c].kind == CaptureKind::self || callee.captures[c].kind == CaptureKind::self_copy)
          root = capture(body, c, site.self);
    }
    break;
  case RootKind::global: return path;
  case RootKind::capture: root = capture(body, path.id, site.self); break;
  case RootKind::result:
    if (path.id != none)
      return {RootKind::result, site.op, {}, false}; // a temporary of the callee: no name here
    root = site.result;
    break;
  default: return {};
  }
  if (!root.valid())
    return {};
  return folded(resolve(rebase(path, {path.root, path.id, {}, false}, root)));
}

} // namespace tenterhook::analysis
