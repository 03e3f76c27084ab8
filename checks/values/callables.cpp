// What counts as a callable, and which of them a function without a body keeps, by its signature.
#include "values/callables.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

bool is_call_operator(const Program &program, EntityId callee) {
  llvm::StringRef name = program.qualified(callee);
  return name.ends_with("::operator()") || name.ends_with("::(lambda)");
}

bool may_be_callable(const Program &program, const Library &library, const Operand &operand) {
  if (operand.kind == OperandKind::closure || operand.kind == OperandKind::function)
    return true;
  if (operand.kind != OperandKind::path && operand.kind != OperandKind::result)
    return false;
  TypeId t = program.strip_references(operand.type);
  if (t == none)
    return false;
  const Type &type = program.types[t];
  if (type.kind == TypeKind::pointer)
    return type.pointee != none && program.types[type.pointee].kind == TypeKind::function;
  if (type.kind == TypeKind::function)
    return true;
  const TypeModel *m = library.type(t);
  return type.kind == TypeKind::record && (library.has_call_operator(t) || (m && m->callable));
}

bool is_coroutine_handle(const Program &program, TypeId record) {
  return program.str(program.types[record].qualified) == "std::coroutine_handle";
}

bool resumes_coroutine(const Program &program, const Operation &op) {
  if (op.kind != OpKind::call || op.callee == none)
    return false;
  TypeId t = program.record_behind(op.receiver.type);
  if (t == none || !is_coroutine_handle(program, t))
    return false;
  llvm::StringRef name = Library::last_name(program.qualified(op.callee));
  return name == "resume" || name == "operator()";
}

static bool covers(const Subject &subject, const Operation &op, unsigned arg) {
  if (subject.kind == Subject::all_arguments)
    return true;
  return subject.kind == Subject::argument && Library::argument_index(op, subject.arg) == static_cast<int>(arg);
}

static bool applies(const Library &library, const CallbackClause &clause, FunctionId f, const Operation &op) {
  auto holds = [&](const Condition &c) { return library.holds(f, op, c); };
  return std::all_of(clause.when.begin(), clause.when.end(), holds) &&
         std::none_of(clause.unless.begin(), clause.unless.end(), holds);
}

const CallbackClause *callback_clause(const Library &library, const FunctionModel &model, FunctionId f, const Operation &op,
                                      unsigned arg) {
  for (const CallbackClause &c : model.callbacks)
    if (covers(c.subject, op, arg) && applies(library, c, f, op))
      return &c;
  return nullptr;
}

const CallbackClause *receiver_clause(const Library &library, const FunctionModel &model, FunctionId f, const Operation &op) {
  for (const CallbackClause &c : model.callbacks)
    if (c.subject.kind == Subject::receiver && applies(library, c, f, op))
      return &c;
  return nullptr;
}

// A type that holds callables of this type: std::vector<std::function<void()>>, std::pair<int, F>.
static bool holds(const Program &program, const Library &library, TypeId box, TypeId callable, unsigned depth = 0) {
  box = program.strip_references(box);
  if (box == none || depth > 4 || program.types[box].kind != TypeKind::record)
    return false;
  return std::any_of(program.types[box].args.begin(), program.types[box].args.end(), [&](TypeId a) {
    const TypeModel *m = library.type(a);
    return program.strip_references(a) == callable || (m && m->callable) || holds(program, library, a, callable, depth + 1);
  });
}

bool calls_in_place(const Program &program, const Library &library, const Operation &op, unsigned arg) {
  if (op.kind != OpKind::call || op.callee == none)
    return false;
  TypeId given = program.strip_references(op.args[arg].type);
  const TypeModel *receiver = library.type(op.receiver.type);
  if (op.makes != none || (receiver && receiver->callable) || holds(program, library, op.receiver.type, given))
    return false; // a constructor's argument, what a std::function becomes, a container's element
  // A box with it that is given back, and that somebody takes: std::pair(name, f). std::ranges::for_each gives one back too.
  if (op.use.kind != UseKind::discarded && op.use.kind != UseKind::voided && holds(program, library, op.type, given))
    return false;
  const Entity &callee = program.entities[op.callee];
  TypeId declared = arg < callee.parameters.size() ? callee.parameters[arg].type : none;
  TypeId type = program.strip_references(declared);
  const TypeModel *m = type == none ? nullptr : library.type(type);
  bool by_constant_reference =
      declared != none && program.types[declared].kind == TypeKind::lvalue_reference && callee.parameters[arg].pointee_const;
  if (m && m->callable) // to keep it, it would have to be copied
    return by_constant_reference;
  return callee.system || by_constant_reference;
}

bool calls_value(const Program &program, const Library &library, const Operation &op) {
  if (op.kind != OpKind::call || op.receiver.kind == OperandKind::unknown)
    return false;
  const TypeModel *type = library.type(op.receiver.type);
  return op.callee == none || (type && type->callable && is_call_operator(program, op.callee));
}

bool takes_arguments(const Program &program, const Operation &call, FunctionId body) {
  const Function &function = program.functions[body];
  const Entity &entity = program.entity_of(body);
  // (object.*method)(…): the object is an argument or is not.
  if (entity.variadic || (entity.record != none && !function.lambda && !is_call_operator(program, function.entity)))
    return true;
  const std::size_t given = call.args.size();
  if (given >= function.parameter_count || entity.parameters.size() != function.parameter_count)
    return given <= function.parameter_count;
  return entity.parameters[given].has_default;
}

} // namespace tenterhook::analysis
