// How blocks end: what decides between their successors.
#include "extract/body_walker.h"
#include <limits>

using namespace clang;

namespace tenterhook::extract {

void BodyWalker::branch(const CFGBlock &block, facts::Branch &out) {
  if (block.succ_size() != 2 || !block.getTerminator().isStmtBranch())
    return;
  const Expr *condition = dyn_cast_or_null<Expr>(block.getTerminatorCondition(/*StripParens=*/true));
  if (!condition || isa_and_nonnull<SwitchStmt, CXXTryStmt>(block.getTerminatorStmt()))
    return;
  condition = condition->IgnoreParenImpCasts();
  // In `a && b` this block has decided what stands left; the right side is what it ends with. Not where temporaries end in
  // between: then the value of the whole is made here, and decides.
  const auto made_here = [&](const Expr *expr) {
    return llvm::any_of(block, [&](const CFGElement &e) {
      const auto stmt = e.getAs<CFGStmt>();
      return stmt && stmt->getStmt() == expr;
    });
  };
  while (const auto *logical = dyn_cast<BinaryOperator>(condition)) {
    if (!logical->isLogicalOp() || made_here(logical))
      break;
    condition = logical->getRHS()->IgnoreParenImpCasts();
  }
  test(condition, out);
  relation(condition, out);
  if (out.relation != facts::Relation::none)
    out.place = namer_.places().of(condition->getSourceRange());
}

// `left relation right` of built-in comparisons, negations taken in.
void BodyWalker::relation(const Expr *condition, facts::Branch &out) {
  bool negated = false;
  const Expr *inner = strip(condition);
  for (const auto *unary = dyn_cast<UnaryOperator>(inner); unary && unary->getOpcode() == UO_LNot;
       unary = dyn_cast<UnaryOperator>(inner)) {
    negated = !negated;
    inner = strip(unary->getSubExpr());
  }
  const auto *binary = dyn_cast<BinaryOperator>(inner);
  if (!binary || !binary->isComparisonOp() || binary->getOpcode() == BO_Cmp)
    return;
  const BinaryOperatorKind kind = negated ? BinaryOperator::negateComparisonOp(binary->getOpcode()) : binary->getOpcode();
  out.relation = relation_of(kind);
  out.compared.push_back(operand(binary->getLHS()));
  out.compared.push_back(operand(binary->getRHS()));
}

// The one value that decides, compared with a constant at most.
void BodyWalker::test(const Expr *condition, facts::Branch &out) {
  const SourceRange range = condition->getSourceRange();
  std::int64_t value = 0;
  for (;;) {
    const Expr *inner = strip(condition);
    if (const auto *unary = dyn_cast<UnaryOperator>(inner); unary && unary->getOpcode() == UO_LNot) {
      out.negated = !out.negated;
      condition = unary->getSubExpr();
    } else if (const auto *binary = dyn_cast<BinaryOperator>(inner); binary && binary->isEqualityOp() && !out.compares) {
      const Expr *left = binary->getLHS(), *right = binary->getRHS();
      if (operand(left).kind == facts::OperandKind::constant || operand(left).kind == facts::OperandKind::null)
        std::swap(left, right);
      const facts::Operand with = operand(right);
      const bool zero = with.kind == facts::OperandKind::null || (with.kind == facts::OperandKind::constant && with.value == 0);
      const bool is_true = right->IgnoreParenImpCasts()->getType()->isBooleanType() &&
                           with.kind == facts::OperandKind::constant && with.value == 1;
      if (with.kind != facts::OperandKind::constant && !zero) {
        out = facts::Branch();
        return;
      }
      if ((binary->getOpcode() == BO_NE) != zero)
        out.negated = !out.negated;
      out.compares = !zero && !is_true;
      if (out.compares)
        value = with.value;
      condition = left;
    } else {
      break;
    }
  }
  facts::Operand named = operand(condition);
  const bool whole = named.kind == facts::OperandKind::both || named.kind == facts::OperandKind::either;
  if (named.kind != facts::OperandKind::path && named.kind != facts::OperandKind::result && !whole) {
    out = facts::Branch();
    return;
  }
  out.condition = std::move(named);
  out.present = true;
  out.value = value;
  out.place = namer_.places().of(range);
}

void BodyWalker::set_switch(const CFGBlock &block, const SwitchStmt *statement, facts::Block &out) {
  out.branch.compared.push_back(operand(statement->getCond()));
  out.branch.place = namer_.places().of(statement->getCond());
  auto value = [&](const Expr *expr) {
    const llvm::APSInt number = expr->EvaluateKnownConstInt(namer_.context());
    if (number.getSignificantBits() > 64)
      return std::numeric_limits<std::int64_t>::max();
    return number.isSigned() ? number.getSExtValue() : static_cast<std::int64_t>(number.getZExtValue());
  };
  std::uint32_t edge = 0;
  for (const CFGBlock::AdjacentBlock &succ : block.succs()) {
    facts::Case out_case;
    out_case.edge = edge++;
    const CFGBlock *target = succ.getReachableBlock() ? succ.getReachableBlock() : succ.getPossiblyUnreachableBlock();
    const auto *label = dyn_cast_or_null<CaseStmt>(target ? target->getLabel() : nullptr);
    out_case.otherwise = !label;
    if (label) {
      if (label->getLHS()->isValueDependent() || label->getLHS()->containsErrors())
        continue;
      out_case.low = value(label->getLHS());
      out_case.high = label->getRHS() ? value(label->getRHS()) : out_case.low;
    }
    out.cases.push_back(out_case);
  }
}

} // namespace tenterhook::extract
