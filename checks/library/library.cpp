// Library: descriptors, guards and conditions. Values and executors are in values.cpp.
#include "library/library.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

Library::Library(const Program &program, const Models &models) : program_(program), models_(models) {
  types_.resize(program.types.size(), nullptr);
  for (TypeId t = 0; t < program.types.size(); ++t)
    types_[t] = lookup_type(t);
  entities_.resize(program.entities.size(), nullptr);
  for (EntityId e = 0; e < program.entities.size(); ++e)
    if (const Entity &entity = program.entities[e]; entity.kind == EntityKind::function) {
      // A C function is known by its name alone, whatever declares it and wherever that stands.
      llvm::StringRef name = program.qualified(e);
      const FunctionModel *m = models.function(entity.c_linkage ? last_name(name) : name);
      // "read", "connect": a user's own global function of that name is not libc's.
      bool unqualified = m && llvm::StringRef(m->name).find("::") == llvm::StringRef::npos;
      bool own = !entity.system && !(entity.c_linkage && program.bodies(e).empty());
      if (m && !(unqualified && m->builtin && own))
        entities_[e] = m;
    }
  std::vector<bool> own(program.types.size(), false);
  for (EntityId e = 0; e < program.entities.size(); ++e)
    if (TypeId record = program.entities[e].record;
        program.entities[e].kind == EntityKind::function && record != none && last_name(program.qualified(e)) == "operator()")
      own[record] = true;
  call_operators_.resize(program.types.size(), false);
  for (TypeId t = 0; t < program.types.size(); ++t)
    if (program.types[t].kind == TypeKind::record)
      for (TypeId b : program.with_bases(t))
        if (own[b] || program.types[b].closure || program.types[b].call_operator != none)
          call_operators_[t] = true;
  for (const Function &function : program.functions)
    for (const Operation &op : function.ops)
      if (op.kind == OpKind::call && op.callee != none && op.receiver.kind != OperandKind::unknown &&
          program.entities[op.callee].record != none)
        if (auto [it, added] = methods_.try_emplace({program.record_behind(op.receiver.type), op.callee}, nullptr); added)
          it->second = method(it->first.first, op.callee);
  collect_sources();
  collect_executors();
  collect_null_locks();
}

llvm::StringRef Library::library_namespace(llvm::StringRef modelled) {
  auto [outer, rest] = modelled.split("::");
  if (outer == "boost") {
    auto [inner, member] = rest.split("::");
    rest = member;
    outer = modelled.take_front(outer.size() + 2 + inner.size());
  }
  return rest.empty() ? llvm::StringRef() : outer;
}

llvm::StringRef Library::last_name(llvm::StringRef qualified) {
  // "operator" names hold no "::" but in conversion operators, which are never looked up by it.
  if (std::size_t op = qualified.find("::operator"); op != llvm::StringRef::npos)
    return qualified.drop_front(op + 2);
  std::size_t at = qualified.rfind("::");
  return at == llvm::StringRef::npos ? qualified : qualified.drop_front(at + 2);
}

const TypeModel *Library::lookup_type(TypeId t) const {
  for (TypeId b : program_.with_bases(t))
    if (StringId name = program_.types[b].qualified)
      if (const TypeModel *m = models_.type(program_.str(name)))
        return m;
  return nullptr;
}

const TypeModel *Library::type(TypeId t) const {
  t = program_.strip_references(t);
  return t == none ? nullptr : types_[t];
}

const FunctionModel *Library::function(EntityId callee) const { return callee == none ? nullptr : entities_[callee]; }

const FunctionModel *Library::function(const Operation &op) const {
  if (op.callee == none)
    return nullptr;
  if (op.kind == OpKind::call && op.receiver.kind != OperandKind::unknown && program_.entities[op.callee].record != none) {
    TypeId receiver = program_.record_behind(op.receiver.type);
    auto known = methods_.find({receiver, op.callee});
    return known == methods_.end() ? method(receiver, op.callee) : known->second;
  }
  return entities_[op.callee];
}

const FunctionModel *Library::maker(const Operation &op) const {
  if (op.made_by != none)
    return entities_[op.made_by];
  if (op.makes == none)
    return nullptr;
  const std::string &name = program_.str(program_.types[op.makes].qualified);
  return models_.function(name + "::" + last_name(name).str());
}

const FunctionModel *Library::method(TypeId receiver, EntityId callee) const {
  llvm::StringRef name = last_name(program_.qualified(callee));
  for (TypeId b : program_.with_bases(receiver))
    if (StringId type = program_.types[b].qualified)
      if (const FunctionModel *m = models_.function((program_.str(type) + "::" + name).str()))
        return m;
  return entities_[callee];
}

bool Library::annotated(EntityId e, llvm::StringRef annotation) const {
  const auto &all = program_.entities[e].annotations;
  return std::any_of(all.begin(), all.end(), [&](StringId a) { return program_.str(a) == annotation; });
}

bool Library::runs_awaitable(const Operation &op) const {
  if (const FunctionModel *m = function(op))
    return m->runs_awaitable;
  if (op.kind != OpKind::call || op.callee == none)
    return false;
  return annotated(op.callee, "clang::blocking") || annotated(op.callee, "tenterhook::blocking");
}

bool Library::is_async_lock(TypeId t) const {
  const TypeModel *m = type(t);
  return m && m->lock && m->lock->async;
}

bool Library::is_thread_lock(TypeId t) const {
  t = program_.record_behind(t);
  if (t == none)
    return false;
  if (const TypeModel *m = types_[t]; m && m->lock)
    return !m->lock->async;
  if (!program_.types[t].basic_lockable || (types_[t] && types_[t]->guard))
    return false;
  return !null_locks_[t];
}

bool Library::is_null_lock(TypeId t) const {
  t = program_.record_behind(t);
  return t != none && program_.types[t].basic_lockable && !is_thread_lock(t);
}

// Neither calls anything nor loops: whatever it sets, it waits for nobody.
static bool only_sets(const Function &f) {
  for (BlockId b = 0; b < f.blocks.size(); ++b)
    for (BlockId next : f.blocks[b].succs)
      if (next != none && next != 1 && next <= b)
        return false;
  return std::none_of(f.ops.begin(), f.ops.end(),
                      [](const Operation &op) { return op.kind == OpKind::call || op.kind == OpKind::await; });
}

// Null mutexes, and flags with lock() and unlock(); a library's class without a body to see, and without a field to keep
// a lock in.
void Library::collect_null_locks() {
  null_locks_.resize(program_.types.size(), false);
  for (TypeId t = 0; t < program_.types.size(); ++t)
    null_locks_[t] = program_.types[t].basic_lockable && program_.types[t].system && program_.types[t].empty;
  for (const Function &f : program_.functions)
    if (TypeId t = program_.entities[f.entity].record;
        t != none && program_.types[t].basic_lockable && last_name(program_.qualified(f.entity)) == "lock" && only_sets(f))
      null_locks_[t] = true;
}

const GuardType *Library::guard(TypeId t) const {
  const TypeModel *m = type(t);
  if (!m || !m->guard)
    return nullptr;
  // std::unique_lock<M> guards what M is: an awaited mutex may be held over an await.
  TypeId record = program_.record_behind(t);
  if (record != none && !program_.types[record].args.empty()) {
    bool any_lock = false, any_record = false;
    for (TypeId a : program_.types[record].args) {
      TypeId r = program_.record_behind(a);
      if (r == none)
        continue;
      any_record = true;
      any_lock |= is_thread_lock(r);
    }
    if (any_record && !any_lock)
      return nullptr;
  }
  return &*m->guard;
}

const GuardType *Library::wrapped_guard(TypeId t) const {
  t = program_.strip_references(t);
  if (t == none || program_.types[t].kind != TypeKind::record)
    return nullptr;
  for (TypeId arg : program_.types[t].args)
    if (const GuardType *inner = guard(arg))
      return inner;
  return nullptr;
}

GuardTag Library::tag(TypeId t) const {
  const TypeModel *m = type(t);
  return m ? m->tag : GuardTag::none;
}

// Negative indices count back from the last argument that was written: templates carry defaulted constraints.
int Library::argument_index(const Operation &op, int index) {
  int written = static_cast<int>(op.args.size());
  if (index >= 0)
    return index < written ? index : -1;
  while (written > 0 && op.args[written - 1].defaulted)
    --written;
  return written + index >= 0 ? written + index : -1;
}

llvm::SmallVector<Operand, 2> Library::subjects(const Operation &op, const Subject &subject) const {
  llvm::SmallVector<Operand, 2> out;
  switch (subject.kind) {
  case Subject::receiver: out.push_back(op.receiver); break;
  case Subject::argument: {
    if (int i = argument_index(op, subject.arg); i >= 0)
      out.push_back(op.args[i]);
    break;
  }
  case Subject::all_arguments: out.append(op.args.begin(), op.args.end()); break;
  case Subject::result: break;
  }
  return out;
}

llvm::SmallVector<std::pair<const Operand *, const Operand *>, 2> Library::kept_by_library(const Operation &op) const {
  llvm::SmallVector<std::pair<const Operand *, const Operand *>, 2> out;
  if (op.callee == none)
    return out;
  const Entity &callee = program_.entities[op.callee];
  auto writes = [&](std::size_t a) {
    TypeId declared = a < callee.parameters.size() ? callee.parameters[a].type : none;
    return declared != none && program_.types[declared].kind == TypeKind::lvalue_reference && !callee.parameters[a].pointee_const;
  };
  TypeId record = op.receiver.kind == OperandKind::unknown ? none : program_.record_behind(op.receiver.type);
  for (std::size_t a = 0; a < op.args.size(); ++a) {
    if (record != none && !callee.const_method)
      out.push_back({&op.receiver, &op.args[a]});
    if (!writes(a))
      continue;
    if (record != none && program_.record_behind(op.args[a].type) == record) // swap
      out.push_back({&op.args[a], &op.receiver});
    for (std::size_t b = 0; b < op.args.size(); ++b)
      if (a != b)
        out.push_back({&op.args[a], &op.args[b]});
  }
  return out;
}

std::set<std::string> Library::with_runnable_executors() const {
  std::set<std::string> out;
  for (const FunctionModel *m : models_.functions())
    if (m->runs_executor)
      out.insert(m->library);
  return out;
}

} // namespace tenterhook::analysis
