// Sites where objects end: by a destructor that waits, or by reset(), clear() and an assignment before that.
#include "blocking/blocking.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// What the object is if std::async gave it, or something like it: the clause of what made it.
const Blocks *Blocking::async_result(FunctionId f, OpId i, const AccessPath &path, std::string &callee) const {
  const Blocks *found = nullptr;
  auto look = [&](FunctionId in, const Operand &o) {
    for (const Value &v : library_.origins(in, o))
      if (v.operand.kind == OperandKind::result && v.operand.op < program_.functions[v.function].ops.size()) {
        const Operation &made = program_.functions[v.function].ops[v.operand.op];
        auto holds = [&](const Condition &c) { return library_.holds(v.function, made, c); };
        if (const FunctionModel *maker = library_.function(made); maker && maker->result_destructor_blocks &&
                                                                  llvm::all_of(maker->result_destructor_blocks->when, holds) &&
                                                                  llvm::none_of(maker->result_destructor_blocks->unless, holds)) {
          found = &*maker->result_destructor_blocks;
          callee = program_.qualified(made.callee);
        }
      }
  };
  Operand object;
  object.kind = path.root == RootKind::result ? OperandKind::result : OperandKind::path;
  object.op = path.id;
  object.path = path;
  look(f, object);
  for (OpId a = 0; a < program_.functions[f].ops.size() && !found; ++a) // index_ = std::async(…)
    if (const Operation &op = program_.functions[f].ops[a];
        a != i && op.kind == OpKind::call && !op.args.empty() && op.receiver.kind == OperandKind::path &&
        op.receiver.path == path && Library::last_name(program_.qualified(op.callee)) == "operator=" && guards_(f).before(a, i))
      look(f, op.args[0]);
  return found;
}

// std::unique_ptr<FILE, int (*)(FILE *)> pipe(popen(…), pclose): what the function that ends it does.
const Blocks *Blocking::deleter(FunctionId f, const AccessPath &pointer, std::string &callee) const {
  const OpId made = calls_.endings().made_by(f, pointer);
  const Operation *op = made == none ? nullptr : &program_.functions[f].ops[made];
  if (!op || op->args.size() != 2 || op->args[1].kind != OperandKind::function)
    return nullptr;
  const FunctionModel *m = library_.function(op->args[1].entity);
  if (!m || m->blocks.empty() || m->blocks.front().fd || !m->blocks.front().when.empty())
    return nullptr;
  callee = program_.qualified(op->args[1].entity);
  return &m->blocks.front();
}

// owner.reset(), helpers.clear(), future = {}: what an object holds ends before it does.
void Blocking::add_emptied(FunctionId f, OpId i) {
  if (auto ended = calls_.endings().by(f, i))
    add_destructor(f, i, program_.functions[f].ops[i].receiver.path, ended->type, ended->by_pointer ? 1 : 0,
                   ended->sure ? Certainty::likely : Certainty::possible);
}

void Blocking::add_destructor(FunctionId f, OpId i, const AccessPath &object, TypeId type, unsigned depth, Certainty certainty) {
  type = program_.strip_references(type);
  if (type == none || depth > 4 || !object.valid()) // no path: an argument that was moved in
    return;
  const Operation &op = program_.functions[f].ops[i];
  const TypeModel *m = library_.type(type);
  const Blocks *b = m && m->destructor_blocks ? &*m->destructor_blocks : nullptr;
  std::string callee = "~" + program_.str(program_.types[type].qualified), maker;
  OpId at = i;
  if (!b && (b = async_result(f, i, object, maker))) {
    callee += " of the result of " + maker;
    if (op.kind == OpKind::destroy && object.root == RootKind::result &&
        program_.functions[f].ops[object.id].kind == OpKind::call)
      at = object.id; // a temporary: what a reader looks for is the call, not the brace that ends it
  }
  if (!b && m && m->smart_pointer)
    b = deleter(f, object, callee);
  if (b && options_.classes.count(b->cls)) {
    if (op.kind == OpKind::destroy ? !given_up(f, object) : !released(f, i))
      sites_.push_back({f, at, b->cls, callee, b->what, b->instead, certainty, object, {}});
    return;
  }
  if (m && m->owns_arguments)
    for (TypeId a : program_.types[type].args)
      add_destructor(f, i, object, a, depth + 1, certainty);
  // Members are destroyed with the object; a user-written destructor's body has its own operations.
  if (program_.types[type].kind != TypeKind::record ||
      (program_.types[type].destructor != none && program_.body_for(f, program_.types[type].destructor) != none))
    return;
  for (TypeId base : program_.types[type].bases)
    add_destructor(f, i, object, base, depth + 1, certainty);
  for (const FieldInfo &field : program_.types[type].fields)
    if (field.type != none && program_.types[field.type].kind == TypeKind::record)
      add_destructor(f, i, object, field.type, depth + 1, certainty);
}

// guard.release(): on every way to the end of it.
bool Blocking::released(FunctionId f, OpId destroy) const {
  const Function &function = program_.functions[f];
  AccessPath object =
      function.ops[destroy].kind == OpKind::destroy ? function.ops[destroy].path : function.ops[destroy].receiver.path;
  object = object.without_derefs();
  for (OpId a = 0; a < function.ops.size(); ++a) {
    const Operation &op = function.ops[a];
    if (a == destroy || op.kind != OpKind::call || op.callee == none || op.receiver.kind != OperandKind::path ||
        op.receiver.path.without_derefs() != object)
      continue;
    const FunctionModel *m = library_.function(op);
    if (m && m->gives_up && guards_(f).before(a, destroy))
      return true;
  }
  return false;
}

// Whether the object (or its part that waits) was moved from, detached, joined or never given anything to wait for.
bool Blocking::given_up(FunctionId f, const AccessPath &object) const {
  auto part_of_it = [&](const AccessPath &p) {
    return p.root == object.root && p.id == object.id && p.steps.size() >= object.steps.size() &&
           std::equal(object.steps.begin(), object.steps.end(), p.steps.begin());
  };
  if (object.root == RootKind::result && object.steps.empty()) { // a temporary: what takes it waits, or not
    const ResultUse &use = program_.functions[f].ops[object.id].use;
    if (use.kind == UseKind::receiver && use.user != none) { // std::async(…).get()
      const FunctionModel *m = library_.function(program_.functions[f].ops[use.user]);
      return m && m->joins;
    }
    return library_.moved_away(f, object);
  }
  bool empty = false, touched = false;
  for (const Operation &op : program_.functions[f].ops) {
    if (op.kind == OpKind::construct && op.path == object)
      empty = op.args.empty();
    if (op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path && part_of_it(op.receiver.path)) {
      touched = true;
      const FunctionModel *m = library_.function(op);
      if (m && (m->gives_up || (!m->blocks.empty() && m->joins))) // a join blocks there, not here
        return true;
    }
    touched |= op.use.kind == UseKind::stored && op.use.target == object && !(op.kind == OpKind::construct && op.args.empty());
    for (const Operand &a : op.args) {
      if (a.kind != OperandKind::path || !part_of_it(a.path))
        continue;
      touched = true;
      const TypeModel *m = library_.type(a.type);
      if ((a.moved || op.kind == OpKind::ret) && (a.path == object || (m && m->destructor_blocks)))
        return true;
    }
  }
  const TypeModel *m = object.root == RootKind::local ? library_.type(program_.functions[f].locals[object.id].type) : nullptr;
  return empty && !touched && m && m->destructor_blocks;
}

} // namespace tenterhook::analysis
