// What the language does without a function's name: atomic builtins, assembly, `new` of what has no constructor, and
// where constructed objects live.
#include "extract/body_walker.h"

using namespace clang;

namespace tenterhook::extract {

// As a call of the builtin, whatever header's macro it came from: the address, the values as written, the orders.
void BodyWalker::atomic(const AtomicExpr *expr) {
  if (map_.info(expr).machinery || op_of(expr) != facts::none || expr->isTypeDependent())
    return;
  llvm::SmallVector<const Expr *, 6> written{expr->getPtr()};
  const unsigned count = expr->getNumSubExprs();
  if (expr->getOp() == AtomicExpr::AO__c11_atomic_init) {
    written.push_back(expr->getVal1());
  } else {
    if (count > 2)
      written.push_back(expr->getVal1());
    if (expr->isCmpXChg()) {
      written.push_back(expr->getVal2());
      if (count > 5)
        written.push_back(expr->getWeak());
      written.push_back(expr->getOrder());
      written.push_back(expr->getOrderFail());
    } else {
      if (count > 3)
        written.push_back(expr->getSubExprs()[3]); // __atomic_exchange: where the old value goes
      written.push_back(expr->getOrder());
    }
  }
  std::vector<facts::Operand> args;
  for (const Expr *arg : written)
    args.push_back(operand(arg));
  Op &op = emit(facts::OpKind::call, namer_.places().of(expr), expr, expr);
  op.callee = namer_.builtin(expr->getOpAsString());
  op.type = namer_.type(expr->getType());
  op.args = std::move(args);
  op.prvalue_result = !expr->getType()->isVoidType();
}

void BodyWalker::assembly(const GCCAsmStmt *stmt) {
  std::vector<facts::Operand> args(1);
  args[0].kind = facts::OperandKind::string;
  args[0].text = namer_.strings().id(stmt->getAsmString());
  for (unsigned i = 0; i < stmt->getNumInputs(); ++i) {
    const Expr *input = stmt->getInputExpr(i);
    args.push_back(operand(input));
    if (input->isGLValue())
      store(input, static_cast<unsigned>(facts::AccessKind::read), nullptr, input); // "m"
  }
  emit(facts::OpKind::asm_, namer_.places().of(stmt->getSourceRange()), stmt).args = std::move(args);
  for (unsigned i = 0; i < stmt->getNumOutputs(); ++i) {
    const auto both = static_cast<unsigned>(facts::AccessKind::read) | static_cast<unsigned>(facts::AccessKind::write);
    const unsigned kind = stmt->isOutputPlusConstraint(i) ? both : static_cast<unsigned>(facts::AccessKind::write);
    store(stmt->getOutputExpr(i), kind, nullptr, stmt->getOutputExpr(i));
  }
}

// The value of `new T(…)` is the object's address: its construct, or if T has no constructor, a construct of its own.
void BodyWalker::allocate(const CXXNewExpr *expr) {
  if (map_.info(expr).machinery || expr->isTypeDependent())
    return;
  const Expr *init = expr->getInitializer();
  if (init)
    if (const facts::OpId op = op_of(init->IgnoreImplicit()); op != facts::none) {
      ops_.try_emplace(expr, op);
      return;
    }
  std::vector<facts::Operand> args;
  if (init && init->getType()->isScalarType())
    args.push_back(operand(init));
  std::vector<facts::Operand> where;
  const facts::Allocation allocation = allocation_of(expr, where);
  const auto id = static_cast<facts::OpId>(out_.ops.size());
  Op &op = emit(facts::OpKind::construct, namer_.places().of(expr), expr, expr);
  op.type = namer_.value_type(namer_.context().getBaseElementType(expr->getAllocatedType()));
  op.path.root = facts::RootKind::result;
  op.path.id = id;
  op.args = std::move(args);
  op.prvalue_result = true;
  op.allocation = allocation;
  op.with = std::move(where);
  op.array = expr->isArray();
}

// new (p) T is in the memory at p; new (std::nothrow) T and other allocators' are on the heap.
facts::Allocation BodyWalker::allocation_of(const CXXNewExpr *expr, std::vector<facts::Operand> &where) {
  const FunctionDecl *allocator = expr->getOperatorNew();
  if (expr->getNumPlacementArgs() != 1 || !allocator || !allocator->isReservedGlobalPlacementOperator())
    return facts::Allocation::heap;
  where.push_back(operand(expr->getPlacementArg(0)));
  return facts::Allocation::placement;
}

void BodyWalker::set_allocation(const Expr *construct, Op &op) {
  using facts::Allocation;
  if (const auto *made = dyn_cast_or_null<CXXNewExpr>(map_.parent(construct))) {
    op.allocation = allocation_of(made, op.with);
    op.array = made->isArray();
    return;
  }
  switch (op.path.root) {
  case facts::RootKind::local: op.allocation = op.path.steps.empty() ? Allocation::automatic : Allocation::part; break;
  case facts::RootKind::global:
    op.allocation = !op.path.steps.empty()               ? Allocation::part
                    : namer_[op.path.id].is_thread_local ? Allocation::thread
                                                         : Allocation::static_;
    break;
  case facts::RootKind::self: op.allocation = Allocation::part; break;
  case facts::RootKind::result:
    op.allocation = isa_and_nonnull<InitListExpr>(map_.parent(construct)) ? Allocation::part : Allocation::temporary;
    break;
  default: break;
  }
}

// A wrapper W<void(A…)> of a callable that gives a value: each call drops it.
bool BodyWalker::drops_result(const CXXRecordDecl *made, const Expr *from) const {
  const auto *wrapper = dyn_cast_or_null<ClassTemplateSpecializationDecl>(made);
  if (!wrapper || wrapper->getTemplateArgs().size() == 0)
    return false;
  const TemplateArgument &first = wrapper->getTemplateArgs()[0];
  const auto *signature = first.getKind() == TemplateArgument::Type ? first.getAsType()->getAs<FunctionProtoType>() : nullptr;
  if (!signature || !signature->getReturnType()->isVoidType())
    return false;
  QualType given = strip(from)->getType().getNonReferenceType();
  if (given->isFunctionPointerType())
    given = given->getPointeeType();
  QualType result;
  if (const auto *function = given->getAs<FunctionType>())
    result = function->getReturnType();
  const CXXRecordDecl *callable = given->getAsCXXRecordDecl();
  if (callable && callable->getCanonicalDecl() == wrapper->getCanonicalDecl())
    return false; // a copy
  if (callable && callable->isLambda()) {
    if (const CXXMethodDecl *op = EntityNamer::call_operator(callable))
      result = op->getReturnType();
  } else if (callable && callable->hasDefinition()) {
    const auto operators = callable->lookup(namer_.context().DeclarationNames.getCXXOperatorName(OO_Call));
    if (operators.isSingleResult())
      if (const auto *op = dyn_cast<CXXMethodDecl>(operators.front()))
        result = op->getReturnType();
  }
  return !result.isNull() && !result->isVoidType() && !result->isUndeducedType() && !result->isDependentType();
}

} // namespace tenterhook::extract
