// What a method ends, and whose object a shared pointer's is.
#include "calls/endings.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

std::optional<Ended> Endings::by(FunctionId f, OpId i) const {
  const Operation &op = program_.functions[f].ops[i];
  if (op.kind != OpKind::call || op.callee == none || op.receiver.kind != OperandKind::path)
    return std::nullopt;
  TypeId type = program_.record_behind(op.receiver.type);
  const TypeModel *m = library_.type(type);
  if (!m || m->destroyed_by.empty())
    return std::nullopt;
  llvm::StringRef method = Library::last_name(program_.qualified(op.callee));
  if (std::find(m->destroyed_by.begin(), m->destroyed_by.end(), method) == m->destroyed_by.end())
    return std::nullopt;
  if (Library::is_assignment(method) && !overwrites(f, i))
    return std::nullopt;
  if (m->smart_pointer && !m->owns_arguments && !program_.types[type].args.empty())
    return Ended{program_.types[type].args[0], true, only_owner(f, op.receiver.path)};
  return Ended{type, false, true};
}

// Whether an assignment ends something: it assigns nothing, or to what holds something for sure.
bool Endings::overwrites(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  const AccessPath &object = function.ops[i].receiver.path;
  auto nothing = [&](const Operation &op) {
    if (op.args.empty() || op.args[0].kind == OperandKind::null)
      return true;
    TypeId given = program_.strip_references(op.args[0].type); // std::nullopt
    if (op.args[0].kind == OperandKind::path && given != none && program_.types[given].kind == TypeKind::record &&
        program_.types[given].empty)
      return true;
    return op.args[0].kind == OperandKind::result && function.ops[op.args[0].op].kind == OpKind::construct &&
           function.ops[op.args[0].op].args.empty();
  };
  if (nothing(function.ops[i]))
    return true;
  OpId assigned = function.ops[i].args[0].kind == OperandKind::result ? function.ops[i].args[0].op : none;
  for (OpId a = 0; a < function.ops.size(); ++a) {
    const Operation &op = function.ops[a];
    if (a == i || a == assigned)
      continue;
    bool fills = (op.kind == OpKind::construct && op.path == object) ||
                 (op.use.kind == UseKind::stored && op.use.target == object) ||
                 (op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path &&
                  op.receiver.path == object && Library::is_assignment(program_.qualified(op.callee)));
    bool empty = (op.kind == OpKind::construct || op.receiver.kind != OperandKind::unknown) && nothing(op);
    if (fills && !empty && guards_(f).before(a, i))
      return true;
  }
  return false;
}

OpId Endings::made_by(FunctionId f, const AccessPath &object) const {
  OpId made = none;
  for (OpId i = 0; i < program_.functions[f].ops.size(); ++i)
    if (const Operation &op = program_.functions[f].ops[i]; op.kind == OpKind::construct && op.path == object) {
      if (made != none)
        return none;
      made = i;
    }
  return made;
}

bool Endings::only_owner(FunctionId f, const AccessPath &pointer) const {
  const Function &function = program_.functions[f];
  if (pointer.root != RootKind::local || !pointer.steps.empty() || pointer.id < function.parameter_count)
    return false;
  // A class with a library's base that knows it (enable_shared_from_this<T>) gives owners away itself.
  TypeId type = program_.record_behind(function.locals[pointer.id].type);
  TypeId pointee =
      type == none || program_.types[type].args.empty() ? none : program_.record_behind(program_.types[type].args[0]);
  if (pointee != none)
    for (TypeId base : program_.with_bases(pointee))
      if (const Type &t = program_.types[base]; t.system && std::find(t.args.begin(), t.args.end(), pointee) != t.args.end())
        return false;
  auto is_it = [&](const Operand &o) { return o.kind == OperandKind::path && o.path.is_local(pointer.id); };
  bool made = false; // by what makes an object for it; make_shared<T>(…), shared_ptr<T>(new T)
  for (const Operation &op : function.ops) {
    made |= op.use.kind == UseKind::stored && op.use.target == pointer && op.makes != none;
    made |= op.kind == OpKind::construct && op.path == pointer && op.args.size() == 1 && op.args[0].kind == OperandKind::result &&
            function.ops[op.args[0].op].kind == OpKind::construct && function.ops[op.args[0].op].allocation == Allocation::heap;
    if (op.kind != OpKind::destroy && std::any_of(op.args.begin(), op.args.end(), is_it))
      return false; // copied, or given away
    if (op.kind == OpKind::closure && op.callee != none)
      if (FunctionId body = program_.body_for(f, op.callee); body != none)
        for (const Capture &c : program_.functions[body].captures)
          if (is_it(c.source))
            return false;
  }
  return made;
}

FunctionId deleter_of(const Program &program, const Library &library, FunctionId f, const Operation &op) {
  const TypeModel *model = op.kind == OpKind::construct ? library.type(op.type) : nullptr;
  if (!model || !model->smart_pointer || op.args.empty())
    return none;
  auto called = [&](TypeId type) {
    type = program.strip_references(type);
    EntityId e = type == none ? none : program.types[type].call_operator;
    return e == none ? none : program.body_for(f, e);
  };
  if (op.args.size() > 1) {
    const Operand &given = op.args[1];
    if (given.kind == OperandKind::closure || given.kind == OperandKind::function)
      return program.body_for(f, given.entity);
    if (FunctionId body = called(given.type); body != none)
      return body;
  }
  TypeId type = program.strip_references(op.type);
  return type != none && program.types[type].args.size() > 1 ? called(program.types[type].args[1]) : none;
}

} // namespace tenterhook::analysis
