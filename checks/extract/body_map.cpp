// One walk over a body's syntax. Lambda bodies and default arguments are other functions' matter and are not entered;
// unevaluated operands are marked as no operations.
#include "extract/body_map.h"

using namespace clang;

namespace tenterhook::extract {

const Expr *written_operand(const CoroutineSuspendExpr *expr) {
  const Expr *operand = expr->getOperand();
  if (isa<CoyieldExpr>(expr))
    if (const auto *call = dyn_cast<CallExpr>(operand->IgnoreImplicit()); call && call->getNumArgs() == 1)
      return call->getArg(0);
  return operand;
}

BodyMap::BodyMap(const FunctionDecl *function, const Stmt *body) {
  if (const auto *constructor = dyn_cast<CXXConstructorDecl>(function))
    for (const CXXCtorInitializer *init : constructor->inits()) {
      StmtInfo info;
      info.member_init = init;
      info.written = init->isWritten();
      walk(init->getInit(), info);
    }
  walk(body, StmtInfo());
}

BodyMap::BodyMap(const VarDecl *variable) {
  StmtInfo info;
  info.initialises = variable;
  walk(variable->getInit(), info);
}

BodyMap::BodyMap(const FieldDecl *field) { walk(field->getInClassInitializer(), StmtInfo()); }

void BodyMap::walk(const Stmt *stmt, StmtInfo info) {
  if (!stmt)
    return;
  if (info.machinery && syntactic_operands_.contains(stmt))
    info.machinery = false;
  infos_.try_emplace(stmt, info);
  info.parent = stmt;
  info.initialises = nullptr;
  info.member_init = nullptr;

  if (const auto *suspension = dyn_cast<CoroutineSuspendExpr>(stmt))
    return suspend(suspension, info);
  if (const auto *declarations = dyn_cast<DeclStmt>(stmt))
    return declaration(declarations, info);
  if (const auto *lambda = dyn_cast<LambdaExpr>(stmt)) {
    lambdas_.push_back(lambda);
    for (const Expr *init : lambda->capture_inits())
      walk(init, info);
    return;
  }
  if (isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr>(stmt))
    return unevaluated(stmt, info);
  if (const auto *type_id = dyn_cast<CXXTypeidExpr>(stmt); type_id && !type_id->isPotentiallyEvaluated())
    return unevaluated(stmt, info);
  if (const auto *default_init = dyn_cast<CXXDefaultInitExpr>(stmt)) {
    info.written = false;
    return walk(default_init->getExpr(), info);
  }
  if (const auto *ret = dyn_cast<CoreturnStmt>(stmt)) {
    const Expr *operand = ret->getOperand();
    if (operand) {
      syntactic_operands_.insert(operand);
      syntactic_operands_.insert(operand->IgnoreImplicit());
    }
    StmtInfo call = info;
    call.machinery = true;
    walk(ret->getPromiseCall(), call);
    if (operand && !infos_.contains(operand->IgnoreImplicit()))
      walk(operand, info);
    return;
  }
  if (const auto *attempt = dyn_cast<CXXTryStmt>(stmt)) {
    StmtInfo inside = info;
    inside.in_try = attempt;
    walk(attempt->getTryBlock(), inside);
    info.in_catch = true;
    for (unsigned i = 0; i < attempt->getNumHandlers(); ++i) {
      if (const VarDecl *exception = attempt->getHandler(i)->getExceptionDecl())
        locals_.push_back(exception);
      walk(attempt->getHandler(i), info);
    }
    return;
  }
  if (const auto *loop = dyn_cast<CXXForRangeStmt>(stmt)) {
    walk(loop->getInit(), info);
    walk(loop->getRangeStmt(), info);
    StmtInfo hidden = info;
    hidden.written = false;
    for (const Stmt *part : {static_cast<const Stmt *>(loop->getBeginStmt()), static_cast<const Stmt *>(loop->getEndStmt()),
                             static_cast<const Stmt *>(loop->getCond()), static_cast<const Stmt *>(loop->getInc()),
                             static_cast<const Stmt *>(loop->getLoopVarStmt())})
      walk(part, hidden);
    return walk(loop->getBody(), info);
  }
  children(stmt, info);
}

// The CFG lists parts of some operands that are never evaluated: they are no operations.
void BodyMap::unevaluated(const Stmt *stmt, StmtInfo info) {
  info.machinery = true;
  for (const Stmt *child : stmt->children())
    if (child) {
      infos_.try_emplace(child, info);
      info.parent = stmt;
      unevaluated(child, info);
    }
}

void BodyMap::children(const Stmt *stmt, const StmtInfo &info) {
  for (const Stmt *child : stmt->children())
    walk(child, info);
}

void BodyMap::suspend(const CoroutineSuspendExpr *expr, const StmtInfo &info) {
  (isa<CoawaitExpr>(expr) ? awaits_ : yields_) = true;
  const Expr *operand = written_operand(expr);
  syntactic_operands_.insert(operand);
  syntactic_operands_.insert(operand->IgnoreImplicit());
  StmtInfo machinery = info;
  machinery.machinery = true;
  walk(expr->getCommonExpr(), machinery);
  walk(expr->getReadyExpr(), machinery);
  walk(expr->getSuspendExpr(), machinery);
  walk(expr->getResumeExpr(), machinery);
  if (!infos_.contains(operand->IgnoreImplicit()))
    walk(operand, info);
}

void BodyMap::declaration(const DeclStmt *stmt, const StmtInfo &info) {
  for (const Decl *decl : stmt->decls()) {
    if (const auto *tag = dyn_cast<TagDecl>(decl))
      classes_.push_back(tag);
    const auto *var = dyn_cast<VarDecl>(decl);
    if (!var)
      continue;
    variable(var, stmt, info);
    if (const auto *bindings = dyn_cast<DecompositionDecl>(var))
      for (const BindingDecl *binding : bindings->bindings())
        if (const VarDecl *holder = binding->getHoldingVar()) {
          StmtInfo hidden = info;
          hidden.written = false;
          variable(holder, stmt, hidden);
        }
  }
}

void BodyMap::variable(const VarDecl *variable, const Stmt *stmt, const StmtInfo &info) {
  locals_.push_back(variable);
  StmtInfo init = info;
  init.parent = stmt;
  init.initialises = variable;
  walk(variable->getInit(), init);
}

} // namespace tenterhook::extract
