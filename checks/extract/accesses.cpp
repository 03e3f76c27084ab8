// Loads, stores and addresses of memory, where no call or construct already carries them.
//
// A call's operand says *which* object; a load is an event of its own. So `f(count_)` has a read of the field beside
// the call, while `f(local)` has not, and `p->x` has one read, of the whole path.
#include "extract/body_walker.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

enum : unsigned {
  read = static_cast<unsigned>(facts::AccessKind::read),
  write = static_cast<unsigned>(facts::AccessKind::write),
  address = static_cast<unsigned>(facts::AccessKind::address),
};

} // namespace

// `expr` names memory (or a pointer) only to reach a part of it.
bool BodyWalker::part_of_longer_path(const Expr *expr) const {
  const Stmt *child = expr;
  for (const Stmt *parent = map_.parent(child); parent; child = parent, parent = map_.parent(parent)) {
    if (isa<MemberExpr>(parent))
      return true;
    if (const auto *subscript = dyn_cast<ArraySubscriptExpr>(parent))
      return subscript->getBase() == child;
    if (const auto *unary = dyn_cast<UnaryOperator>(parent); unary && unary->getOpcode() == UO_Deref)
      return true;
    if (const auto *sum = dyn_cast<BinaryOperator>(parent); // *(p + i)
        sum && sum->isAdditiveOp() && sum->getType()->isPointerType() && cast<Expr>(child)->getType()->isPointerType())
      continue;
    if (!isa<ParenExpr, CastExpr>(parent))
      return false;
  }
  return false;
}

bool BodyWalker::operand_of_call(const Expr *expr) const {
  const Stmt *child = expr;
  for (const Stmt *parent = map_.parent(child); parent; child = parent, parent = map_.parent(parent)) {
    if (isa<CXXConstructExpr, CoroutineSuspendExpr, LambdaExpr, AtomicExpr>(parent))
      return true;
    if (const auto *call = dyn_cast<CallExpr>(parent); call && !is_identity_call(call))
      return true;
    if (!passes_through(parent, child) && !isa<CallExpr>(parent))
      return false;
  }
  return false;
}

facts::Operation &BodyWalker::emit_access(const facts::AccessPath &path, unsigned kind, const Expr *at, const Expr *value) {
  std::vector<facts::Operand> args;
  if (value)
    args.push_back(operand(value));
  Op &op = emit(facts::OpKind::access, namer_.places().of(at), at);
  op.path = path;
  op.access = static_cast<std::uint8_t>(kind);
  op.args = std::move(args);
  return op;
}

void BodyWalker::load(const ImplicitCastExpr *cast) {
  const Expr *source = cast->getSubExpr();
  if (part_of_longer_path(cast))
    return;
  std::int64_t ignored = 0;
  if (source->IgnoreParens()->isLValue() && constant(cast, ignored))
    return;
  const Memory m = memory(source);
  if (!m || m.address || (m.path.root == facts::RootKind::result && m.path.steps.empty()))
    return;
  const bool plain_local = m.path.root == facts::RootKind::local && m.path.steps.empty();
  if (plain_local && operand_of_call(cast))
    return;
  emit_access(m.path, read, source, nullptr);
}

facts::Operation *BodyWalker::store(const Expr *target, unsigned kind, const Expr *value, const Expr *at) {
  const Memory m = memory(target);
  return m && !m.address ? &emit_access(m.path, kind, at, value) : nullptr;
}

void BodyWalker::bind(const Expr *source, const Expr *at) {
  if (!source || !source->isGLValue())
    return;
  const Memory m = memory(source);
  if (m && !m.address && m.path.root != facts::RootKind::result)
    emit_access(m.path, address, at, nullptr);
}

// `(void)x` of an object: it is told that nothing else is meant to be done with it.
void BodyWalker::name(const Expr *object) {
  if (!object->getType()->isRecordType())
    return;
  const Memory m = memory(object);
  if (m && !m.address && m.path.root == facts::RootKind::local && m.path.steps.empty())
    emit_access(m.path, 0, object, nullptr);
}

void BodyWalker::access(const Stmt *stmt) {
  if (const auto *cast = dyn_cast<ImplicitCastExpr>(stmt)) {
    if (cast->getCastKind() == CK_LValueToRValue)
      load(cast);
  } else if (const auto *cast = dyn_cast<ExplicitCastExpr>(stmt)) {
    if (cast->getCastKind() == CK_ToVoid)
      name(cast->getSubExpr());
  } else if (const auto *binary = dyn_cast<BinaryOperator>(stmt)) {
    if (binary->getOpcode() == BO_Assign)
      store(binary->getLHS(), write, binary->getRHS(), binary);
    else if (binary->isCompoundAssignmentOp()) {
      facts::Operand by = operand(binary->getRHS());
      if (Op *op = store(binary->getLHS(), read | write, nullptr, binary)) {
        op->step = binary->getOpcode() == BO_AddAssign   ? facts::Step::add
                   : binary->getOpcode() == BO_SubAssign ? facts::Step::subtract
                                                         : facts::Step::other;
        op->with.push_back(std::move(by));
      }
    }
  } else if (const auto *unary = dyn_cast<UnaryOperator>(stmt)) {
    if (unary->isIncrementDecrementOp()) {
      if (Op *op = store(unary->getSubExpr(), read | write, nullptr, unary)) {
        op->step = unary->isIncrementOp() ? facts::Step::add : facts::Step::subtract;
        facts::Operand &one = op->with.emplace_back();
        one.kind = facts::OperandKind::constant;
        one.value = 1;
      }
    } else if (unary->getOpcode() == UO_AddrOf && !part_of_longer_path(unary) && !operand_of_call(unary))
      bind(unary->getSubExpr(), unary);
  }
}

} // namespace tenterhook::extract
