// The walk over declarations. System headers are left out at the highest declaration that stands in one.
#include "extract/declarations.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/Support/xxhash.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

bool contains_call(const Stmt *stmt) {
  if (!stmt || isa<LambdaExpr>(stmt))
    return false;
  if (isa<CallExpr>(stmt))
    return true;
  if (const auto *construct = dyn_cast<CXXConstructExpr>(stmt); construct && construct->getNumArgs() > 0)
    return true;
  return llvm::any_of(stmt->children(), contains_call);
}

// A reference, or a pointer that is not null.
bool leads_somewhere(QualType member, const Expr *value) {
  return member->isReferenceType() ||
         (member->isPointerType() && !isa<CXXNullPtrLiteralExpr, IntegerLiteral, GNUNullExpr>(value->IgnoreParenImpCasts()));
}

// A default constructor that no one wrote, but that calls what someone wrote, constructors of members and bases or the
// initialisers of members, or that says what members lead to.
bool runs_code(const FunctionDecl *function, const Places &places) {
  const auto *constructor = dyn_cast<CXXConstructorDecl>(function);
  if (!constructor || !constructor->isDefaultConstructor())
    return false;
  for (const CXXCtorInitializer *init : constructor->inits()) {
    if (!init->getInit())
      continue; // an error
    const Expr *value = init->getInit()->IgnoreImplicit();
    const auto *written = dyn_cast<CXXDefaultInitExpr>(value);
    if (written && (contains_call(written->getExpr()) || leads_somewhere(init->getMember()->getType(), written->getExpr())))
      return true;
    const auto *construct = dyn_cast<CXXConstructExpr>(value);
    if (construct && !construct->getConstructor()->isTrivial() &&
        !places.in_system_header(construct->getConstructor()->getLocation()))
      return true;
  }
  return false;
}

// A call, a lambda or a function: what a value can come from, or lead to.
bool names_code(const Stmt *stmt) {
  if (!stmt)
    return false;
  if (isa<CallExpr, LambdaExpr>(stmt))
    return true;
  if (const auto *ref = dyn_cast<DeclRefExpr>(stmt))
    return isa<FunctionDecl>(ref->getDecl());
  return llvm::any_of(stmt->children(), names_code);
}

// `return constant;` and nothing else.
const Expr *only_return(const Stmt *body) {
  const auto *block = dyn_cast_or_null<CompoundStmt>(body);
  if (!block || block->size() != 1)
    return nullptr;
  const auto *ret = dyn_cast<ReturnStmt>(block->body_front());
  return ret ? ret->getRetValue() : nullptr;
}

} // namespace

void Declarations::walk() {
  const DeclContext *unit = namer_.context().getTranslationUnitDecl();
  collect_co_await(unit);
  context(unit);
}

void Declarations::collect_co_await(const DeclContext *context) {
  for (const Decl *decl : context->decls()) {
    if (decl->getLocation().isInvalid() || namer_.places().in_system_header(decl->getLocation()))
      continue;
    if (const auto *inner = dyn_cast<DeclContext>(decl); inner && (isa<NamespaceDecl, LinkageSpecDecl>(decl)))
      collect_co_await(inner);
    else if (const FunctionDecl *fn = decl->getAsFunction(); fn && fn->getOverloadedOperator() == OO_Coawait)
      namer_.add_free_co_await(fn);
  }
}

void Declarations::context(const DeclContext *context) {
  for (const Decl *decl : context->decls()) {
    const SourceLocation loc = isa<LinkageSpecDecl>(decl) ? cast<LinkageSpecDecl>(decl)->getExternLoc() : decl->getLocation();
    if (loc.isInvalid() || namer_.places().in_system_header(loc))
      continue;
    declaration(decl);
  }
}

void Declarations::declaration(const Decl *decl) {
  if (isa<NamespaceDecl, LinkageSpecDecl, ExportDecl>(decl))
    return context(cast<DeclContext>(decl));
  if (isa<TemplateDecl>(decl))
    return templates(decl);
  if (const auto *fn = dyn_cast<FunctionDecl>(decl))
    return function(fn, enclosing_);
  if (const auto *cls = dyn_cast<CXXRecordDecl>(decl))
    return record(cls);
  if (const auto *friend_decl = dyn_cast<FriendDecl>(decl)) {
    if (const NamedDecl *named = friend_decl->getFriendDecl(); named && !isa<CXXRecordDecl, ClassTemplateDecl>(named))
      declaration(named);
    return;
  }
  if (const auto *var = dyn_cast<VarDecl>(decl))
    variable(var);
}

void Declarations::templates(const Decl *decl) {
  if (const auto *fns = dyn_cast<FunctionTemplateDecl>(decl)) {
    if (!seen_.insert(fns->getCanonicalDecl()).second)
      return;
    for (const FunctionDecl *instance : fns->specializations())
      for (const FunctionDecl *redecl : instance->redecls())
        function(redecl, enclosing_);
  } else if (const auto *classes = dyn_cast<ClassTemplateDecl>(decl)) {
    if (!seen_.insert(classes->getCanonicalDecl()).second)
      return;
    for (const ClassTemplateSpecializationDecl *instance : classes->specializations())
      if (instance->getSpecializationKind() != TSK_ExplicitSpecialization)
        record(instance);
  } else if (const auto *vars = dyn_cast<VarTemplateDecl>(decl)) {
    for (const VarTemplateSpecializationDecl *instance : vars->specializations())
      variable(instance);
  }
}

void Declarations::record(const CXXRecordDecl *record) {
  if (!record->isThisDeclarationADefinition() && !record->getDefinition())
    return;
  record = record->getDefinition();
  if (record->isDependentContext() || record->isLambda() || !seen_.insert(record).second)
    return;
  for (const Decl *decl : record->decls())
    declaration(decl);
  default_values(record);
}

// What default initialisers do, where no constructor that is here shows it: the class may be made elsewhere.
void Declarations::default_values(const CXXRecordDecl *record) {
  if (record->isInvalidDecl() || llvm::any_of(record->ctors(), [](const CXXConstructorDecl *c) { return c->hasBody(); }))
    return;
  for (const FieldDecl *field : record->fields()) {
    const Expr *init = field->getInClassInitializer();
    if (!init || init->isValueDependent() || init->containsErrors() || !names_code(init) ||
        namer_.places().in_system_header(field->getLocation()))
      continue;
    const facts::EntityId entity = namer_.initialiser(field);
    ODRHash odr;
    odr.AddStmt(init);
    const std::uint64_t hash = hash_of(odr, field->getLocation(), namer_[entity].name);
    const BodyMap map(field);
    if (!given_elsewhere(entity, hash)) {
      for (const LambdaExpr *lambda : map.lambdas())
        namer_.lambda(lambda);
      facts::Function out;
      out.entity = entity;
      out.body_hash = hash;
      out.enclosing = enclosing_;
      out.extent = namer_.places().range(field->getBeginLoc(), field->getEndLoc());
      out.constructor = true;
      BodyWalker(namer_, map, field, sources_, out).default_value(field);
      summary_.functions.push_back(std::move(out));
      nested(map, entity);
    }
  }
}

void Declarations::function(const FunctionDecl *function, facts::EntityId enclosing) {
  if (!function->doesThisDeclarationHaveABody() || function->isDependentContext() || function->isInvalidDecl())
    return;
  if (function->hasSkippedBody() || !function->getBody())
    return;
  if ((function->isImplicit() || function->isDefaulted()) && !runs_code(function, namer_.places()))
    return;
  if (namer_.places().in_system_header(function->getLocation()) || !seen_.insert(function).second)
    return;
  ++summary_.bodies_seen;
  if (broken_.function(function))
    return; // with its lambdas and local classes: who runs them is said in it
  const facts::EntityId entity = namer_.function(function);
  const std::uint64_t hash = hash_of(function, namer_[entity].name);
  if (!given_elsewhere(entity, hash))
    extract(function, entity, hash, enclosing);
}

bool Declarations::given_elsewhere(facts::EntityId entity, std::uint64_t hash) {
  if (!options_.registry || !options_.registry->has(namer_[entity].name, hash))
    return false;
  summary_.shared_bodies.emplace_back(entity, hash);
  return true;
}

void Declarations::extract(const FunctionDecl *function, facts::EntityId entity, std::uint64_t hash, facts::EntityId enclosing) {
  Stmt *body = function->getBody();
  facts::Function out;
  out.entity = entity;
  out.body_hash = hash;
  out.enclosing = enclosing;
  out.extent = namer_.places().range(function->getBeginLoc(), function->getEndLoc());
  out.return_type = isa<CXXConstructorDecl, CXXDestructorDecl>(function) ? facts::none : namer_.type(function->getReturnType());
  out.is_noexcept = namer_[entity].is_noexcept;
  out.is_static = function->isStatic();
  if (const auto *method = dyn_cast<CXXMethodDecl>(function)) {
    out.lambda = method->getParent()->isLambda();
    out.constructor = isa<CXXConstructorDecl>(method);
    out.destructor = isa<CXXDestructorDecl>(method);
    out.is_virtual = method->isVirtual();
    for (const CXXMethodDecl *base : method->overridden_methods())
      out.overrides.push_back(namer_.function(base));
  }
  if (const auto *coroutine = dyn_cast<CoroutineBodyStmt>(body)) {
    out.coroutine = true;
    body = coroutine->getBody();
  } else if (const Expr *value = only_return(body)) {
    Expr::EvalResult result;
    if (!value->containsErrors() && !value->isValueDependent() && value->getType()->isIntegralOrEnumerationType() &&
        value->EvaluateAsInt(result, namer_.context()) && result.Val.getInt().getSignificantBits() <= 64) {
      out.has_constant_return = true;
      out.constant_return = result.Val.getInt().getExtValue();
    }
  }
  const BodyMap map(function, body);
  out.generator = out.coroutine && map.yields() && !map.awaits();
  for (const LambdaExpr *lambda : map.lambdas())
    namer_.lambda(lambda); // in source order
  BodyWalker walker(namer_, map, function, sources_, out);
  if (!walker.walk(body, options_.max_block_count))
    ++summary_.capped_bodies;
  summary_.functions.push_back(std::move(out));
  nested(map, entity);
  for (const VarDecl *local : map.locals())
    if (local->isStaticLocal())
      constant_values(local);
  for (const FunctionDecl *ready : walker.library_awaiters())
    library_awaiter(ready);
}

// Only what says the same each time: an await that never suspends, or always does.
void Declarations::library_awaiter(const FunctionDecl *ready) {
  const FunctionDecl *function = ready->getDefinition();
  if (!function || function->isDependentContext() || function->hasSkippedBody() || !only_return(function->getBody()))
    return;
  if (!seen_.insert(function).second || broken_.function(function))
    return;
  const facts::EntityId entity = namer_.function(function);
  const std::size_t at = summary_.functions.size();
  extract(function, entity, hash_of(function, namer_[entity].name), facts::none);
  summary_.functions[at].user_code = false;
}

void Declarations::nested(const BodyMap &map, facts::EntityId enclosing) {
  for (const LambdaExpr *lambda : map.lambdas()) {
    const CXXRecordDecl *closure = lambda->getLambdaClass();
    const CXXMethodDecl *op = closure->getLambdaCallOperator();
    if (!op)
      continue;
    if (const FunctionTemplateDecl *generic = op->getDescribedFunctionTemplate()) {
      for (const FunctionDecl *instance : generic->specializations())
        function(instance, enclosing);
    } else {
      function(op, enclosing);
    }
  }
  const facts::EntityId outer = std::exchange(enclosing_, enclosing);
  for (const TagDecl *tag : map.classes())
    if (const auto *cls = dyn_cast<CXXRecordDecl>(tag))
      record(cls);
  enclosing_ = outer;
}

void Declarations::variable(const VarDecl *variable) {
  const Expr *init = variable->getInit();
  if (!init || init->isValueDependent() || variable->getType()->isDependentType() ||
      variable->getDeclContext()->isDependentContext() || !variable->hasGlobalStorage())
    return;
  if (variable->isInvalidDecl() || broken_.variable(variable))
    return;
  if (variable->hasConstantInitialization()) {
    lambdas_in(init);
    return constant_values(variable);
  }
  if (seen_.insert(variable).second)
    extract_initialiser(variable);
}

// What a variable holds before any code has run: a function of writes, where they can lead somewhere.
void Declarations::constant_values(const VarDecl *variable) {
  const Expr *init = variable->getInit();
  if (!init || init->isValueDependent() || !variable->hasConstantInitialization() ||
      namer_.places().in_system_header(variable->getLocation()) || !seen_.insert(variable).second)
    return;
  const BodyMap map(variable);
  facts::Function out;
  BodyWalker walker(namer_, map, variable, sources_, out);
  if (!walker.constant_values(init))
    return;
  out.entity = namer_.initialiser(variable, /*constant=*/true);
  ODRHash odr;
  odr.AddStmt(init);
  out.body_hash = hash_of(odr, variable->getLocation(), namer_[out.entity].name);
  if (given_elsewhere(out.entity, out.body_hash))
    return;
  out.extent = namer_.places().range(variable->getBeginLoc(), variable->getEndLoc());
  out.constant_init = true;
  summary_.functions.push_back(std::move(out));
}

void Declarations::lambdas_in(const Stmt *initialiser) {
  if (!initialiser)
    return;
  if (const auto *lambda = dyn_cast<LambdaExpr>(initialiser)) {
    namer_.lambda(lambda);
    const CXXMethodDecl *op = lambda->getLambdaClass()->getLambdaCallOperator();
    if (!op)
      return;
    if (const FunctionTemplateDecl *generic = op->getDescribedFunctionTemplate()) {
      for (const FunctionDecl *instance : generic->specializations())
        function(instance, enclosing_);
    } else {
      function(op, enclosing_);
    }
    return;
  }
  for (const Stmt *child : initialiser->children())
    lambdas_in(child);
}

// A function of its own for each variable, as code generators have it.
void Declarations::extract_initialiser(const VarDecl *variable) {
  const Expr *init = variable->getInit();
  const facts::EntityId entity = namer_.initialiser(variable, /*constant=*/false);
  ODRHash odr;
  odr.AddStmt(init);
  const std::uint64_t hash = hash_of(odr, variable->getLocation(), namer_[entity].name);
  if (given_elsewhere(entity, hash))
    return;
  facts::Function out;
  out.entity = entity;
  out.body_hash = hash;
  out.enclosing = enclosing_;
  out.extent = namer_.places().range(variable->getBeginLoc(), variable->getEndLoc());
  out.before_main = variable->getTLSKind() == VarDecl::TLS_None; // else on each thread that uses it
  const BodyMap map(variable);
  for (const LambdaExpr *lambda : map.lambdas())
    namer_.lambda(lambda);
  BodyWalker walker(namer_, map, variable, sources_, out);
  if (!walker.walk(init, options_.max_block_count))
    ++summary_.capped_bodies;
  summary_.functions.push_back(std::move(out));
  nested(map, entity);
}

// Equal in two TUs that resolve the body alike: where it is written, for which template arguments (the USR tells), and
// Clang's ODR hash of its statements, which sees what macros made of the text.
std::uint64_t Declarations::hash_of(const FunctionDecl *function, const facts::EntityName &name) {
  ODRHash odr;
  if (const auto *constructor = dyn_cast<CXXConstructorDecl>(function))
    for (const CXXCtorInitializer *init : constructor->inits())
      odr.AddStmt(init->getInit());
  const Stmt *body = function->getBody();
  if (const auto *coroutine = dyn_cast<CoroutineBodyStmt>(body))
    body = coroutine->getBody();
  odr.AddStmt(body);
  return hash_of(odr, function->getLocation(), name);
}

std::uint64_t Declarations::hash_of(ODRHash &statements, SourceLocation at, const facts::EntityName &name) {
  const SourceManager &sources = namer_.places().sources();
  auto [file, offset] = sources.getDecomposedLoc(sources.getFileLoc(at));
  const std::string text = (llvm::Twine(statements.CalculateHash()) + "\n" + namer_.places().path(file) + "\n" +
                            llvm::Twine(offset) + "\n" + name.usr + "\n" + llvm::Twine(name.ordinal))
                               .str();
  const std::uint64_t hash = llvm::xxh3_64bits(text);
  return hash ? hash : 1;
}

} // namespace tenterhook::extract
