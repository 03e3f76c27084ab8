// What declarations say of functions, fields and classes beyond their names: signatures, thread-safety attributes, the
// storage of bit-fields. No body is looked at, so it holds for functions that have none here.
#include "extract/entity_namer.h"
#include "clang/AST/Attr.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

bool never_throws(const FunctionDecl *function) {
  if (function->hasAttr<NoThrowAttr>())
    return true;
  const auto *proto = function->getType()->getAs<FunctionProtoType>();
  if (!proto || isUnresolvedExceptionSpec(proto->getExceptionSpecType()) || proto->hasDependentExceptionSpec())
    return false;
  return proto->isNothrow();
}

// The attribute's arguments, and for try_acquire_capability what is returned on success. Null: no such attribute.
struct Arguments {
  llvm::SmallVector<const Expr *, 4> list;
  const Expr *value = nullptr;
};
std::optional<Arguments> arguments_of(const Attr *attr) {
  Arguments out;
  auto one = [&](const auto *a) { out.list.push_back(a->getArg()); };
  auto all = [&](const auto *a) { out.list.append(a->args_begin(), a->args_end()); };
  if (const auto *a = dyn_cast<GuardedByAttr>(attr))
    one(a);
  else if (const auto *b = dyn_cast<PtGuardedByAttr>(attr))
    one(b);
  else if (const auto *c = dyn_cast<LockReturnedAttr>(attr))
    one(c);
  else if (const auto *d = dyn_cast<AcquiredAfterAttr>(attr))
    all(d);
  else if (const auto *e = dyn_cast<AcquiredBeforeAttr>(attr))
    all(e);
  else if (const auto *f = dyn_cast<RequiresCapabilityAttr>(attr))
    all(f);
  else if (const auto *g = dyn_cast<AcquireCapabilityAttr>(attr))
    all(g);
  else if (const auto *h = dyn_cast<ReleaseCapabilityAttr>(attr))
    all(h);
  else if (const auto *i = dyn_cast<AssertCapabilityAttr>(attr))
    all(i);
  else if (const auto *j = dyn_cast<LocksExcludedAttr>(attr))
    all(j);
  else if (const auto *k = dyn_cast<TryAcquireCapabilityAttr>(attr)) {
    all(k);
    out.value = k->getSuccessValue();
  } else if (!isa<NoThreadSafetyAnalysisAttr>(attr)) {
    return std::nullopt;
  }
  return out;
}

} // namespace

void EntityNamer::signature(const FunctionDecl *function, facts::EntityId id) {
  std::vector<facts::Parameter> parameters;
  for (const ParmVarDecl *parameter : function->parameters()) {
    const QualType type = parameter->getType();
    const QualType pointee = type->isPointerOrReferenceType() ? type->getPointeeType() : QualType();
    parameters.push_back({this->type(type), !pointee.isNull() && pointee.isConstQualified(), parameter->hasDefaultArg()});
  }
  facts::Entity &e = summary_.entities[id];
  e.parameters = std::move(parameters);
  if (const auto *method = dyn_cast<CXXMethodDecl>(function))
    e.const_method = method->isConst();
  e.variadic = function->isVariadic();
  e.c_linkage = function->isExternC();
  e.is_noexcept = never_throws(function);
  e.returns_twice = function->hasAttr<ReturnsTwiceAttr>();
}

void EntityNamer::capabilities(const Decl *decl, facts::EntityId id) {
  for (const Decl *redecl : decl->redecls())
    for (const Attr *attr : redecl->attrs()) {
      const std::optional<Arguments> arguments = arguments_of(attr);
      if (!arguments)
        continue;
      facts::Capability out;
      out.entity = id;
      out.attribute = strings_.id(attr->getSpelling());
      for (const Expr *expr : arguments->list) {
        facts::CapabilityArgument argument;
        const Expr *inner = expr->IgnoreParenImpCasts();
        if (const auto *negation = dyn_cast<UnaryOperator>(inner); negation && negation->getOpcode() == UO_LNot) {
          argument.negative = true;
          inner = negation->getSubExpr()->IgnoreParenImpCasts();
        }
        argument.path = declared_path(inner);
        argument.text = strings_.id(Lexer::getSourceText(CharSourceRange::getTokenRange(expr->getSourceRange()),
                                                         places_.sources(), context_.getLangOpts()));
        out.args.push_back(std::move(argument));
      }
      Expr::EvalResult value;
      if (const Expr *success = arguments->value;
          success && !success->isValueDependent() && !success->containsErrors() && success->EvaluateAsInt(value, context_))
        out.value = value.Val.getInt().getExtValue();
      if (!llvm::is_contained(summary_.capabilities, out))
        summary_.capabilities.push_back(std::move(out));
    }
}

// Members of `this`, parameters and globals, and what they lead to; none for anything else.
facts::AccessPath EntityNamer::declared_path(const Expr *expr) {
  facts::AccessPath out;
  expr = expr->IgnoreParenImpCasts();
  if (isa<CXXThisExpr>(expr)) {
    out.root = facts::RootKind::self;
  } else if (const auto *ref = dyn_cast<DeclRefExpr>(expr)) {
    if (const auto *parameter = dyn_cast<ParmVarDecl>(ref->getDecl())) {
      out.root = facts::RootKind::local;
      out.id = parameter->getFunctionScopeIndex();
    } else if (const auto *variable = dyn_cast<VarDecl>(ref->getDecl()); variable && variable->hasGlobalStorage()) {
      out.root = facts::RootKind::global;
      out.id = this->variable(variable);
    } else if (const auto *member = dyn_cast<FieldDecl>(ref->getDecl())) { // late parsed: without `this`
      out.root = facts::RootKind::self;
      out.steps.push_back({facts::StepKind::field, field(member)});
    }
  } else if (const auto *member = dyn_cast<MemberExpr>(expr)) {
    if (const auto *variable = dyn_cast<VarDecl>(member->getMemberDecl())) {
      out.root = facts::RootKind::global;
      out.id = this->variable(variable);
    } else if (const auto *of = dyn_cast<FieldDecl>(member->getMemberDecl())) {
      out = declared_path(member->getBase());
      if (out.valid() && member->isArrow() && !isa<CXXThisExpr>(member->getBase()->IgnoreParenImpCasts()))
        out.steps.push_back({facts::StepKind::deref});
      if (out.valid())
        out.steps.push_back({facts::StepKind::field, field(of)});
    }
  } else if (const auto *unary = dyn_cast<UnaryOperator>(expr)) {
    if (unary->getOpcode() == UO_AddrOf)
      return declared_path(unary->getSubExpr());
    if (unary->getOpcode() != UO_Deref)
      return out;
    out = declared_path(unary->getSubExpr());
    if (out.valid() && !isa<CXXThisExpr>(unary->getSubExpr()->IgnoreParenImpCasts()))
      out.steps.push_back({facts::StepKind::deref});
  }
  return out;
}

void EntityNamer::capability(facts::Type &out, const RecordDecl *record) {
  if (const RecordDecl *definition = record->getDefinition())
    record = definition;
  if (const auto *attr = record->getAttr<CapabilityAttr>())
    out.capability = strings_.id(attr->getName());
  out.scoped_capability = record->hasAttr<ScopedLockableAttr>();
}

// Adjacent bit-fields of nonzero width are one memory location ([intro.memory]/3; C17 3.14).
void EntityNamer::fields(const RecordDecl *record, facts::Type &out) {
  std::uint32_t unit = 0;
  bool adjacent = false;
  for (const FieldDecl *f : record->fields()) {
    if (f->isInvalidDecl())
      continue;
    if (f->isUnnamedBitField()) { // padding; of width 0, a boundary
      adjacent &= !f->isZeroLengthBitField();
      continue;
    }
    facts::FieldInfo info{field(f), type(f->getType())};
    const bool bits = f->isBitField() && !f->getBitWidth()->isValueDependent();
    unit += bits && !adjacent;
    adjacent = bits;
    if (bits) {
      info.bit_width = f->getBitWidthValue();
      info.unit = unit;
    }
    out.fields.push_back(info);
  }
}

} // namespace tenterhook::extract
