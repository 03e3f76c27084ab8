// Expressions as operands: constants, paths, earlier results, closures, functions, choices between two.
//
// Copies, moves, casts and identity functions are seen through: `f(std::move(lk))` has the path `lk`, moved. A copy
// that is an operation of its own (it makes a named object) is a result instead.
#include "extract/body_walker.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

constexpr std::size_t max_text = 1024; // of a string literal that is kept

bool in_std(const Decl *decl) { return decl->isInStdNamespace(); }

bool is_duration(QualType type) {
  const CXXRecordDecl *record = type.isNull() ? nullptr : type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!record || !record->getIdentifier() || record->getName() != "duration")
    return false;
  const auto *ns = dyn_cast<NamespaceDecl>(record->getDeclContext()->getEnclosingNamespaceContext());
  while (ns && (ns->isInline() || ns->isAnonymousNamespace()))
    ns = dyn_cast<NamespaceDecl>(ns->getParent());
  return ns && ns->getName() == "chrono";
}

// std::ref(x), std::cref(x)
bool is_reference_wrapper(const Expr *expr) {
  const auto *call = dyn_cast<CallExpr>(expr->IgnoreImplicit());
  const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
  return callee && callee->getIdentifier() && in_std(callee) && (callee->getName() == "ref" || callee->getName() == "cref");
}

} // namespace

bool is_null(const Expr *expr) {
  for (;;) {
    if (isa<CXXNullPtrLiteralExpr, GNUNullExpr>(expr))
      return true;
    if (const auto *cast = dyn_cast<CastExpr>(expr)) {
      if (cast->getCastKind() == CK_NullToPointer || cast->getCastKind() == CK_NullToMemberPointer)
        return true;
      expr = cast->getSubExpr();
    } else if (const auto *paren = dyn_cast<ParenExpr>(expr)) {
      expr = paren->getSubExpr();
    } else if (const auto *temporary = dyn_cast<MaterializeTemporaryExpr>(expr)) {
      expr = temporary->getSubExpr();
    } else if (const auto *full = dyn_cast<FullExpr>(expr)) {
      expr = full->getSubExpr();
    } else if (const auto *argument = dyn_cast<CXXDefaultArgExpr>(expr)) {
      expr = argument->getExpr();
    } else if (const auto *init = dyn_cast<InitListExpr>(expr)) {
      return init->getType()->isPointerType() && init->getNumInits() == 0;
    } else {
      return isa<ImplicitValueInitExpr, CXXScalarValueInitExpr>(expr) && expr->getType()->isPointerType();
    }
  }
}

bool is_copy_or_move(const CXXConstructExpr *construct) {
  if (construct->isElidable())
    return true;
  return construct->getNumArgs() >= 1 && construct->getConstructor()->isCopyOrMoveConstructor() &&
         construct->getArg(0)->getType()->isRecordType();
}

bool is_identity_call(const CallExpr *call, bool *moves, bool *takes_address) {
  const FunctionDecl *callee = call->getDirectCallee();
  if (!callee || call->getNumArgs() < 1)
    return false;
  if (unsigned builtin = callee->getBuiltinID()) {
    switch (builtin) {
    case Builtin::BImove:
    case Builtin::BIforward:
    case Builtin::BImove_if_noexcept:
      if (moves)
        *moves = call->isXValue();
      return true;
    case Builtin::BIas_const:
    case Builtin::BI__builtin_expect:
    case Builtin::BI__builtin_expect_with_probability: return true;
    case Builtin::BIaddressof:
    case Builtin::BI__addressof:
    case Builtin::BI__builtin_addressof:
      if (takes_address)
        *takes_address = true;
      return true;
    default: break;
    }
  }
  if (!callee->getIdentifier() || !in_std(callee) || call->getNumArgs() != 1 || isa<CXXMethodDecl>(callee))
    return false;
  const llvm::StringRef name = callee->getName();
  if (name == "move" || name == "forward" || name == "move_if_noexcept") {
    if (moves)
      *moves = call->isXValue();
    return true;
  }
  if (name == "addressof" || name == "__addressof") {
    if (takes_address)
      *takes_address = true;
    return true;
  }
  return name == "as_const" || name == "ref" || name == "cref";
}

facts::OpId BodyWalker::op_of(const Expr *expr) const {
  auto it = ops_.find(expr);
  return it == ops_.end() ? facts::none : it->second;
}

const Expr *BodyWalker::strip(const Expr *expr, bool *moved, bool *defaulted) const {
  for (;;) {
    if (op_of(expr) != facts::none)
      return expr;
    const Expr *inner = nullptr;
    if (const auto *paren = dyn_cast<ParenExpr>(expr))
      inner = paren->getSubExpr();
    else if (const auto *full = dyn_cast<FullExpr>(expr))
      inner = full->getSubExpr();
    else if (const auto *materialized = dyn_cast<MaterializeTemporaryExpr>(expr))
      inner = materialized->getSubExpr();
    else if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(expr))
      inner = bound->getSubExpr();
    else if (const auto *argument = dyn_cast<CXXDefaultArgExpr>(expr)) {
      if (defaulted)
        *defaulted = true;
      inner = argument->getExpr();
    } else if (const auto *init = dyn_cast<CXXDefaultInitExpr>(expr))
      inner = init->getExpr();
    else if (const auto *subst = dyn_cast<SubstNonTypeTemplateParmExpr>(expr))
      inner = subst->getReplacement();
    else if (const auto *opaque = dyn_cast<OpaqueValueExpr>(expr))
      inner = opaque->getSourceExpr();
    else if (const auto *rewritten = dyn_cast<CXXRewrittenBinaryOperator>(expr))
      inner = rewritten->getSemanticForm();
    else if (const auto *cast = dyn_cast<CastExpr>(expr)) {
      if (isa<ExplicitCastExpr>(cast) && cast->isXValue() && cast->getSubExpr()->isLValue() && moved)
        *moved = true;
      inner = cast->getSubExpr();
    } else if (const auto *construct = dyn_cast<CXXConstructExpr>(expr)) {
      if (is_copy_or_move(construct)) {
        if (moved && !construct->isElidable() && construct->getConstructor()->isMoveConstructor() &&
            construct->getArg(0)->isXValue() && !isa<MaterializeTemporaryExpr>(construct->getArg(0)->IgnoreParens()))
          *moved = true;
        inner = construct->getArg(0);
      }
    } else if (const auto *call = dyn_cast<CallExpr>(expr)) {
      bool moves = false, takes_address = false;
      if (is_identity_call(call, &moves, &takes_address) && !takes_address) {
        if (moved && moves)
          *moved = true;
        inner = call->getArg(0);
      } else if (const auto *member = dyn_cast<CXXMemberCallExpr>(expr)) { // a lambda as a function pointer
        const CXXMethodDecl *method = member->getMethodDecl();
        if (isa_and_nonnull<CXXConversionDecl>(method) && method->getParent()->isLambda())
          inner = member->getImplicitObjectArgument();
      }
    } else if (const auto *binary = dyn_cast<BinaryOperator>(expr)) {
      if (binary->getOpcode() == BO_Comma)
        inner = binary->getRHS();
    } else if (const auto *unary = dyn_cast<UnaryOperator>(expr)) {
      if (unary->getOpcode() == UO_Plus || unary->getOpcode() == UO_Extension)
        inner = unary->getSubExpr();
    } else if (const auto *gnu = dyn_cast<StmtExpr>(expr)) { // ({ …; value; })
      const CompoundStmt *block = gnu->getSubStmt();
      inner = block->body_empty() ? nullptr : dyn_cast<Expr>(block->body_back());
    } else if (const auto *list = dyn_cast<InitListExpr>(expr)) {
      if (list->getNumInits() == 1 && (list->isTransparent() || !list->getType()->isRecordType()))
        inner = list->getInit(0);
    }
    if (!inner)
      return expr;
    expr = inner;
  }
}

const FunctionDecl *BodyWalker::function_named(const Expr *expr) const {
  if (const auto *unary = dyn_cast<UnaryOperator>(expr); unary && unary->getOpcode() == UO_AddrOf)
    expr = unary->getSubExpr()->IgnoreParens();
  if (const auto *ref = dyn_cast<DeclRefExpr>(expr))
    return dyn_cast<FunctionDecl>(ref->getDecl());
  if (const auto *member = dyn_cast<MemberExpr>(expr))
    return dyn_cast<FunctionDecl>(member->getMemberDecl());
  return nullptr;
}

bool BodyWalker::constant(const Expr *expr, std::int64_t &value) const {
  if (expr->isValueDependent() || expr->containsErrors())
    return false;
  if (const auto *cast = dyn_cast<ImplicitCastExpr>(expr); cast && cast->getCastKind() == CK_NonAtomicToAtomic)
    expr = cast->getSubExpr();
  const QualType type = expr->getType();
  Expr::EvalResult result;
  ASTContext &context = namer_.context();
  if (type->isIntegralOrEnumerationType()) {
    const Expr *inner = strip(expr);
    if (isa<CallExpr, CoroutineSuspendExpr>(inner))
      return false; // the operation says more; and evaluation may be long
    if (const auto *argument = dyn_cast<CXXDefaultArgExpr>(expr))
      expr = argument->getExpr();
    if (!expr->EvaluateAsInt(result, context))
      return false;
    const llvm::APSInt &number = result.Val.getInt();
    if (number.getSignificantBits() > 64)
      return false;
    value = number.isSigned() ? number.getExtValue() : static_cast<std::int64_t>(number.getZExtValue());
    return true;
  }
  if (!is_duration(type))
    return false;
  const Expr *inner = expr;
  while (const auto *materialized = dyn_cast<MaterializeTemporaryExpr>(inner->IgnoreImplicit()))
    inner = materialized->getSubExpr();
  if (!inner->EvaluateAsRValue(result, context) || result.HasSideEffects)
    return false;
  if (!result.Val.isStruct() || result.Val.getStructNumFields() < 1)
    return false;
  const APValue &count = result.Val.getStructField(0);
  if (!count.isInt() || count.getInt().getSignificantBits() > 64)
    return false;
  value = count.getInt().getExtValue();
  return true;
}

facts::Relation relation_of(BinaryOperatorKind kind) {
  using facts::Relation;
  return kind == BO_EQ   ? Relation::equal
         : kind == BO_NE ? Relation::unequal
         : kind == BO_LT ? Relation::less
         : kind == BO_LE ? Relation::less_equal
         : kind == BO_GT ? Relation::greater
                         : Relation::greater_equal;
}

// `left relation right`; no right side: 0.
void BodyWalker::compare(facts::Relation relation, const Expr *left, const Expr *right, facts::Operand &out) {
  out.kind = facts::OperandKind::compare;
  out.relation = relation;
  ++choices_;
  out.choices.push_back(operand(left));
  out.choices.push_back(operand(right));
  --choices_;
  if (!right)
    out.choices.back().kind = facts::OperandKind::constant;
}

facts::Operand BodyWalker::operand(const Expr *expr) {
  facts::Operand out;
  if (!expr)
    return out;
  const Expr *written = expr->IgnoreImplicit();
  out.type = namer_.value_type(written->getType());
  const Expr *inner = strip(expr, &out.moved, &out.defaulted);
  if (constant(expr, out.value)) {
    out.kind = facts::OperandKind::constant;
  } else if (is_null(expr)) {
    out.kind = facts::OperandKind::null;
  } else if (const auto *text = dyn_cast<StringLiteral>(inner)) {
    if (text->getCharByteWidth() != 1)
      return out;
    out.kind = facts::OperandKind::string;
    out.text = namer_.strings().id(text->getString().substr(0, max_text));
  } else if (const auto *lambda = dyn_cast<LambdaExpr>(inner)) {
    out.kind = facts::OperandKind::closure;
    out.entity = namer_.lambda(lambda);
  } else if (const FunctionDecl *function = function_named(inner)) {
    out.kind = facts::OperandKind::function;
    out.entity = namer_.function(function);
  } else if (Memory m = memory(inner)) {
    if (m.path.root == facts::RootKind::result && m.path.steps.empty()) {
      out.kind = facts::OperandKind::result;
      out.op = m.path.id;
    } else {
      out.kind = facts::OperandKind::path;
      out.path = std::move(m.path);
      out.address = m.address || (inner->getType()->isArrayType() && expr->getType()->isPointerType());
      out.by_reference = is_reference_wrapper(expr);
    }
  } else if (choices_ < facts::max_choice_depth) {
    const auto *choice = dyn_cast<AbstractConditionalOperator>(inner);
    const auto *binary = dyn_cast<BinaryOperator>(inner);
    if (binary && (binary->isComparisonOp() && binary->getOpcode() != BO_Cmp)) {
      compare(relation_of(binary->getOpcode()), binary->getLHS(), binary->getRHS(), out);
      return out;
    }
    if (const auto *unary = dyn_cast<UnaryOperator>(inner); unary && unary->getOpcode() == UO_LNot) {
      compare(facts::Relation::equal, unary->getSubExpr(), nullptr, out);
      return out;
    }
    if (choice)
      out.kind = facts::OperandKind::select;
    else if (binary && binary->isLogicalOp())
      out.kind = binary->getOpcode() == BO_LAnd ? facts::OperandKind::both : facts::OperandKind::either;
    else if (binary && (binary->getOpcode() == BO_Or || binary->getOpcode() == BO_And))
      out.kind = binary->getOpcode() == BO_Or ? facts::OperandKind::bits_or : facts::OperandKind::bits_and;
    else
      return out;
    ++choices_;
    out.choices.push_back(operand(choice ? choice->getTrueExpr() : binary->getLHS()));
    out.choices.push_back(operand(choice ? choice->getFalseExpr() : binary->getRHS()));
    --choices_;
  }
  return out;
}

} // namespace tenterhook::extract
