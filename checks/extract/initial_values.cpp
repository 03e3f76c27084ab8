// Initialiser lists, field by field: `struct op ops[] = {{.run = f}}` is `write ops[0].run = &f`.
//
// Only what can lead somewhere is told: elements of arrays of plain numbers are data, and what is zero because nobody
// wrote it is not told either. Class objects with constructors have operations of their own, but for those that are moved there.
#include "extract/body_walker.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

const InitListExpr *list_of(const Expr *init) {
  const auto *list = dyn_cast<InitListExpr>(init->IgnoreImplicit());
  if (!list)
    return nullptr;
  if (const InitListExpr *semantic = list->isSemanticForm() ? list : list->getSemanticForm())
    list = semantic;
  return list->isTransparent() && list->getNumInits() == 1 ? list_of(list->getInit(0)) : list;
}

} // namespace

void BodyWalker::initial_value(const Expr *value, facts::AccessPath object) {
  if (!value || object.truncated || isa<ImplicitValueInitExpr, NoInitExpr, ArrayInitLoopExpr>(value))
    return;
  if (const InitListExpr *list = list_of(value)) {
    if (list->getType()->isRecordType() || list->getType()->isArrayType())
      return initial_values(list, object);
  }
  facts::Operand operand;
  if (value->getType()->isScalarType() || value->getType()->isRecordType())
    operand = this->operand(value);
  // An object that is moved there; what is made there has an operation of its own.
  if (!value->getType()->isScalarType() && !(operand.kind == facts::OperandKind::path && operand.moved))
    return;
  Op &op = emit(facts::OpKind::access, namer_.places().of(value), value);
  op.path = std::move(object);
  op.access = static_cast<std::uint8_t>(facts::AccessKind::write);
  op.args.push_back(std::move(operand));
}

void BodyWalker::initial_values(const InitListExpr *list, const facts::AccessPath &object) {
  if (list->getType()->isArrayType()) {
    if (namer_.context().getBaseElementType(list->getType())->isArithmeticType())
      return;
    for (unsigned i = 0; i < list->getNumInits(); ++i) {
      facts::AccessPath element = object;
      facts::PathStep step{facts::StepKind::index};
      step.key = facts::KeyKind::constant;
      step.offset = i;
      add_step(element, step);
      initial_value(list->getInit(i), std::move(element));
    }
    return;
  }
  const RecordDecl *record = list->getType()->getAsRecordDecl();
  if (!record || !record->getDefinition())
    return;
  auto part = [&](const Expr *value, facts::PathStep step) {
    facts::AccessPath path = object;
    add_step(path, step);
    initial_value(value, std::move(path));
  };
  if (record->isUnion()) {
    if (const FieldDecl *member = list->getInitializedFieldInUnion(); member && list->getNumInits() == 1)
      part(list->getInit(0), {facts::StepKind::field, namer_.field(member)});
    return;
  }
  unsigned next = 0;
  if (const auto *cls = dyn_cast<CXXRecordDecl>(record))
    for (unsigned i = 0; i < cls->getNumBases() && next < list->getNumInits(); ++i)
      part(list->getInit(next++), {facts::StepKind::base});
  for (const FieldDecl *member : record->getDefinition()->fields()) {
    if (member->isUnnamedBitField())
      continue;
    if (next >= list->getNumInits())
      break;
    part(list->getInit(next++), {facts::StepKind::field, namer_.field(member)});
  }
}

// A list whose parts are lists, or an array: what its construct (if it has one) does not show.
void BodyWalker::nested_values(const Expr *init, const facts::AccessPath &object) {
  const InitListExpr *list = list_of(init);
  if (!list || !object.valid())
    return;
  const bool nested = llvm::any_of(list->inits(), [](const Expr *part) { return part && list_of(part); });
  if (nested || list->getType()->isArrayType())
    initial_values(list, object);
}

bool BodyWalker::constant_values(const Expr *init) {
  const auto *variable = cast<VarDecl>(owner_);
  const bool number = init->getType()->isArithmeticType() && variable->getType().isConstQualified();
  pieces_.resize(3); // entry, exit, and what it holds
  if (!number) {
    emulate(init);
    facts::AccessPath object = memory_of_variable(variable).path;
    initial_value(init, std::move(object));
  }
  end_straight_line();
  return !out_.ops.empty();
}

void BodyWalker::default_value(const FieldDecl *field) {
  const Expr *init = field->getInClassInitializer();
  pieces_.resize(3);
  emulate(init);
  facts::AccessPath object;
  object.root = facts::RootKind::self;
  add_step(object, facts::StepKind::field, namer_.field(field));
  const facts::AccessPath whole = object;
  facts::Operand value;
  if (list_of(init) && !field->getType()->isScalarType()) {
    initial_value(init, std::move(object));
  } else {
    value = operand(init);
    Op &op = emit(facts::OpKind::access, namer_.places().of(init), init);
    op.path = std::move(object);
    op.access = static_cast<std::uint8_t>(facts::AccessKind::write);
    op.args.push_back(value);
  }
  end_straight_line();
  for (Op &op : out_.ops) // no statement drops anything here
    if (op.use.kind == facts::UseKind::discarded)
      op.use = {};
  if (value.kind == facts::OperandKind::result) {
    out_.ops[value.op].use.kind = facts::UseKind::stored;
    out_.ops[value.op].use.target = whole;
  }
}

// One block between entry and exit.
void BodyWalker::end_straight_line() {
  out_.blocks.resize(3);
  out_.blocks[0].succs.push_back(2);
  out_.blocks[2].count = static_cast<std::uint32_t>(out_.ops.size());
  out_.blocks[2].succs.push_back(1);
  pieces_.clear();
  resolve_uses();
}

// Such initialisers have no control flow: operands before what takes them.
void BodyWalker::emulate(const Stmt *stmt) {
  if (!stmt || isa<LambdaExpr>(stmt) || map_.info(stmt).machinery)
    return;
  for (const Stmt *child : stmt->children())
    emulate(child);
  if (isa<CXXConstructExpr, CallExpr>(stmt))
    statement(stmt);
}

} // namespace tenterhook::extract
