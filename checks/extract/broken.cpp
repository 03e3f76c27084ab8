// Errors' places, and a search for holes in a body's syntax. See broken.h.
#include "extract/broken.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

bool is_broken_declaration(const Decl *decl) {
  if (!decl || decl->isInvalidDecl())
    return true;
  if (const auto *value = dyn_cast<ValueDecl>(decl))
    return value->getType().isNull() || value->getType()->isDependentType();
  return false;
}

// The parts that a statement cannot do without, but that Clang leaves out after an error.
bool lacks_a_part(const Stmt *stmt) {
  if (const auto *loop = dyn_cast<CXXForRangeStmt>(stmt))
    return !loop->getRangeStmt() || !loop->getBeginStmt() || !loop->getEndStmt() || !loop->getCond() || !loop->getInc() ||
           !loop->getLoopVarStmt() || !loop->getBody();
  if (const auto *choice = dyn_cast<IfStmt>(stmt))
    return !choice->getThen() || (!choice->isConsteval() && !choice->getCond());
  if (const auto *loop = dyn_cast<WhileStmt>(stmt))
    return !loop->getCond() || !loop->getBody();
  if (const auto *loop = dyn_cast<DoStmt>(stmt))
    return !loop->getCond() || !loop->getBody();
  if (const auto *loop = dyn_cast<ForStmt>(stmt))
    return !loop->getBody();
  if (const auto *choice = dyn_cast<SwitchStmt>(stmt))
    return !choice->getCond() || !choice->getBody();
  if (const auto *label = dyn_cast<CaseStmt>(stmt))
    return !label->getLHS() || !label->getSubStmt();
  if (const auto *label = dyn_cast<SwitchCase>(stmt))
    return !label->getSubStmt();
  if (const auto *label = dyn_cast<LabelStmt>(stmt))
    return is_broken_declaration(label->getDecl()) || !label->getSubStmt();
  if (const auto *jump = dyn_cast<GotoStmt>(stmt))
    return is_broken_declaration(jump->getLabel());
  if (const auto *handler = dyn_cast<CXXCatchStmt>(stmt))
    return !handler->getHandlerBlock() || (handler->getExceptionDecl() && is_broken_declaration(handler->getExceptionDecl()));
  if (const auto *suspend = dyn_cast<CoroutineSuspendExpr>(stmt))
    return !suspend->getOperand() || !suspend->getCommonExpr() || !suspend->getReadyExpr() || !suspend->getSuspendExpr() ||
           !suspend->getResumeExpr();
  if (const auto *coroutine = dyn_cast<CoroutineBodyStmt>(stmt))
    return !coroutine->getBody();
  return isa<DependentCoawaitExpr, RecoveryExpr>(stmt);
}

// A destructor ends what its class's members and bases are, which its CFG asks them for: an incomplete one has no answer.
bool cannot_be_ended(QualType type) {
  const auto *record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  return record && !record->hasDefinition();
}

bool lacks_a_part(const CXXRecordDecl *record) {
  return llvm::any_of(record->fields(),
                      [](const FieldDecl *f) { return is_broken_declaration(f) || cannot_be_ended(f->getType()); }) ||
         llvm::any_of(record->bases(), [](const CXXBaseSpecifier &b) { return cannot_be_ended(b.getType()); });
}

} // namespace

void ErrorPlaces::note(DiagnosticsEngine::Level level, const clang::Diagnostic &info) {
  if (level < DiagnosticsEngine::Error)
    return;
  const bool fatal = level == DiagnosticsEngine::Fatal;
  if (!fatal && info.getDiags()->getDiagnosticIDs()->isWarningOrExtension(info.getID()))
    return;
  if (!info.hasSourceManager() || info.getLocation().isInvalid())
    return;
  const SourceLocation at = info.getSourceManager().getExpansionLoc(info.getLocation());
  places_.push_back(at);
  if (fatal && fatal_.isInvalid())
    fatal_ = at;
}

bool ErrorPlaces::inside(const SourceManager &sources, SourceRange range) const {
  if (range.isInvalid())
    return true;
  const SourceLocation begin = sources.getExpansionLoc(range.getBegin());
  const SourceLocation end = sources.getExpansionRange(range.getEnd()).getEnd();
  if (fatal_.isValid() && sources.isBeforeInTranslationUnit(fatal_, end))
    return true;
  const auto before = [&](SourceLocation a, SourceLocation b) { return sources.isBeforeInTranslationUnit(a, b); };
  if (sorted_.size() != places_.size()) {
    sorted_ = places_;
    llvm::sort(sorted_, before);
  }
  const auto first = llvm::lower_bound(sorted_, begin, before);
  return first != sorted_.end() && !before(end, *first);
}

Broken::Broken(const ASTContext &context, const ErrorPlaces *places)
    : sources_(context.getSourceManager()), places_(places),
      any_(context.getDiagnostics().hasUncompilableErrorOccurred() || context.getDiagnostics().hasFatalErrorOccurred()) {}

bool Broken::inside(SourceRange range) const { return places_ && places_->inside(sources_, range); }

bool Broken::expression(const Expr *expr) const {
  if (expr->getType().isNull() || expr->containsErrors() || expr->isTypeDependent() || expr->isValueDependent())
    return true;
  if (const auto *argument = dyn_cast<CXXDefaultArgExpr>(expr)) {
    const ParmVarDecl *param = argument->getParam();
    return is_broken_declaration(param) || param->hasUnparsedDefaultArg() || param->hasUninstantiatedDefaultArg() ||
           !argument->getExpr() || statement(argument->getExpr());
  }
  if (const auto *init = dyn_cast<CXXDefaultInitExpr>(expr))
    return !init->getExpr() || statement(init->getExpr());
  if (const auto *ref = dyn_cast<DeclRefExpr>(expr))
    return is_broken_declaration(ref->getDecl());
  if (const auto *member = dyn_cast<MemberExpr>(expr))
    return is_broken_declaration(member->getMemberDecl());
  if (const auto *construct = dyn_cast<CXXConstructExpr>(expr))
    return is_broken_declaration(construct->getConstructor());
  return false;
}

// Everything that is evaluated here: not the bodies of lambdas, which are functions of their own and may be patterns.
bool Broken::statement(const Stmt *stmt) const {
  if (!stmt || lacks_a_part(stmt))
    return true;
  if (const auto *lambda = dyn_cast<LambdaExpr>(stmt)) {
    if (expression(lambda) || is_broken_declaration(lambda->getLambdaClass()) || !lambda->getCallOperator())
      return true;
    return llvm::any_of(lambda->capture_inits(), [&](const Expr *init) { return init && statement(init); });
  }
  if (const auto *expr = dyn_cast<Expr>(stmt); expr && expression(expr))
    return true;
  if (const auto *declarations = dyn_cast<DeclStmt>(stmt)) {
    for (const Decl *decl : declarations->decls())
      if (is_broken_declaration(decl))
        return true;
  }
  return llvm::any_of(stmt->children(), [&](const Stmt *child) { return child && statement(child); });
}

bool Broken::function(const FunctionDecl *function) const {
  if (!any_)
    return false;
  if (inside(function->getSourceRange()) || llvm::any_of(function->parameters(), is_broken_declaration))
    return true;
  if (const auto *destructor = dyn_cast<CXXDestructorDecl>(function); destructor && lacks_a_part(destructor->getParent()))
    return true;
  if (const auto *constructor = dyn_cast<CXXConstructorDecl>(function))
    for (const CXXCtorInitializer *init : constructor->inits())
      if (!init->getInit() || (init->isAnyMemberInitializer() && is_broken_declaration(init->getAnyMember())) ||
          statement(init->getInit()))
        return true;
  return statement(function->getBody());
}

bool Broken::variable(const VarDecl *variable) const {
  return any_ && (inside(variable->getSourceRange()) || is_broken_declaration(variable) || statement(variable->getInit()));
}

} // namespace tenterhook::extract
