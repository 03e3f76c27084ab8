// What a type is: kind, arguments, bases, fields, and the structure that rules ask for (awaitable, coroutine type,
// lockable). Nothing is instantiated for it: a class that the TU never completed is judged by its template.
#include "extract/entity_namer.h"
#include "clang/AST/DeclFriend.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

// The definition, or for an instantiation that the TU never completed, the template's.
const CXXRecordDecl *members_of(const CXXRecordDecl *record) {
  if (!record)
    return nullptr;
  if (const CXXRecordDecl *definition = record->getDefinition())
    return definition;
  if (const CXXRecordDecl *pattern = record->getTemplateInstantiationPattern())
    return pattern->getDefinition();
  return nullptr;
}

// The class that a type names; for a dependent `Base<T>`, the template's pattern.
const CXXRecordDecl *class_named_by(QualType type) {
  if (type.isNull())
    return nullptr;
  if (const CXXRecordDecl *record = type->getAsCXXRecordDecl())
    return members_of(record);
  if (const auto *spec = type->getAs<TemplateSpecializationType>())
    if (const auto *tmpl = dyn_cast_or_null<ClassTemplateDecl>(spec->getTemplateName().getAsTemplateDecl()))
      return members_of(tmpl->getTemplatedDecl());
  return nullptr;
}

template <class Visit> bool any_class(const CXXRecordDecl *record, Visit visit, unsigned depth = 0) {
  if (!record || depth > 8)
    return false;
  if (visit(record))
    return true;
  for (const CXXBaseSpecifier &base : record->bases())
    if (any_class(class_named_by(base.getType()), visit, depth + 1))
      return true;
  return false;
}

const NamedDecl *member(const CXXRecordDecl *record, DeclarationName name) {
  const NamedDecl *found = nullptr;
  any_class(members_of(record), [&](const CXXRecordDecl *c) {
    for (const NamedDecl *decl : c->lookup(name)) {
      const auto *cls = dyn_cast<CXXRecordDecl>(decl);
      if ((cls && cls->isInjectedClassName()) || isa<UsingDecl>(decl))
        continue; // `promise_type` within promise_type; what a using declaration names follows it
      found = decl->getUnderlyingDecl();
      return true;
    }
    return false;
  });
  return found;
}

const NamedDecl *member(const CXXRecordDecl *record, llvm::StringRef name) {
  return member(record, &record->getASTContext().Idents.get(name));
}

const FunctionDecl *as_function(const NamedDecl *decl) { return decl ? decl->getAsFunction() : nullptr; }

bool callable_without_arguments(const CXXRecordDecl *record, llvm::StringRef name) {
  const DeclarationName wanted = &record->getASTContext().Idents.get(name);
  return any_class(members_of(record), [&](const CXXRecordDecl *c) {
    for (const NamedDecl *decl : c->lookup(wanted))
      if (const auto *fn = dyn_cast<CXXMethodDecl>(decl->getUnderlyingDecl()))
        if (fn->getMinRequiredArguments() == 0 && fn->getReturnType()->isVoidType())
          return true;
    return false;
  });
}

// What a promise's suspension point says: from its result type, else from its body (one return of a suspend_* or a
// constant).
facts::InitialSuspend suspend_named(QualType type) {
  const CXXRecordDecl *record = type.isNull() ? nullptr : type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!record || !record->getIdentifier())
    return facts::InitialSuspend::unknown;
  if (record->getName() == "suspend_always")
    return facts::InitialSuspend::lazy;
  if (record->getName() == "suspend_never")
    return facts::InitialSuspend::eager;
  const FunctionDecl *ready = as_function(member(record, "await_ready"));
  if (!ready)
    return facts::InitialSuspend::unknown;
  if (const FunctionDecl *pattern = ready->getTemplateInstantiationPattern())
    ready = pattern;
  const auto *body = dyn_cast_or_null<CompoundStmt>(ready->getBody());
  if (!body || body->size() != 1)
    return facts::InitialSuspend::unknown;
  const auto *ret = dyn_cast<ReturnStmt>(body->body_front());
  const Expr *value = ret ? ret->getRetValue() : nullptr;
  const auto *constant = value ? dyn_cast<CXXBoolLiteralExpr>(value->IgnoreParenImpCasts()) : nullptr;
  if (!constant)
    return facts::InitialSuspend::unknown;
  return constant->getValue() ? facts::InitialSuspend::eager : facts::InitialSuspend::lazy;
}

// `which`: initial_suspend or final_suspend. Lazy: it suspends.
facts::InitialSuspend suspension(const CXXRecordDecl *promise, llvm::StringRef which) {
  const FunctionDecl *fn = as_function(member(promise, which));
  if (!fn)
    return facts::InitialSuspend::unknown;
  if (facts::InitialSuspend s = suspend_named(fn->getReturnType()); s != facts::InitialSuspend::unknown)
    return s;
  if (const FunctionDecl *pattern = fn->getTemplateInstantiationPattern())
    fn = pattern;
  const auto *body = dyn_cast_or_null<CompoundStmt>(fn->getBody());
  if (!body || body->size() != 1)
    return facts::InitialSuspend::unknown;
  const auto *ret = dyn_cast<ReturnStmt>(body->body_front());
  return ret && ret->getRetValue() ? suspend_named(ret->getRetValue()->getType()) : facts::InitialSuspend::unknown;
}

void flatten(const TemplateArgument &arg, EntityNamer &namer, std::vector<facts::TypeId> &out) {
  if (arg.getKind() == TemplateArgument::Type) {
    if (facts::TypeId id = namer.type(arg.getAsType()); id != facts::none)
      out.push_back(id);
  } else if (arg.getKind() == TemplateArgument::Pack) {
    for (const TemplateArgument &element : arg.pack_elements())
      flatten(element, namer, out);
  }
}

// std::coroutine_traits, if this TU has seen it.
const ClassTemplateDecl *coroutine_traits(ASTContext &context) {
  for (const NamedDecl *ns : context.getTranslationUnitDecl()->lookup(&context.Idents.get("std")))
    if (const auto *std_ns = dyn_cast<NamespaceDecl>(ns))
      for (const NamedDecl *decl : std_ns->lookup(&context.Idents.get("coroutine_traits")))
        if (const auto *tmpl = dyn_cast<ClassTemplateDecl>(decl->getUnderlyingDecl()))
          return tmpl;
  return nullptr;
}

bool same_template(QualType pattern, const CXXRecordDecl *record) {
  const auto *named = pattern.isNull() ? nullptr : pattern->getAs<TemplateSpecializationType>();
  const auto *spec = dyn_cast<ClassTemplateSpecializationDecl>(record);
  if (!named || !spec)
    return false;
  const TemplateDecl *tmpl = named->getTemplateName().getAsTemplateDecl();
  return tmpl && tmpl->getCanonicalDecl() == spec->getSpecializedTemplate()->getCanonicalDecl();
}

const TypeDecl *promise_member(const CXXRecordDecl *record) {
  return record ? dyn_cast_or_null<TypeDecl>(member(record, "promise_type")) : nullptr;
}

QualType type_of(const TypeDecl *decl) {
  if (const auto *alias = dyn_cast<TypedefNameDecl>(decl))
    return alias->getUnderlyingType();
  return decl->getASTContext().getTypeDeclType(decl);
}

} // namespace

void EntityNamer::fill(facts::TypeId id, QualType type) {
  facts::Type out;
  using facts::TypeKind;
  const auto *atomic = type->getAs<AtomicType>();
  out.atomic = atomic != nullptr;
  const QualType written = type;
  if (atomic)
    type = atomic->getValueType().getCanonicalType().getUnqualifiedType();
  if (type->isLValueReferenceType())
    out.kind = TypeKind::lvalue_reference;
  else if (type->isRValueReferenceType())
    out.kind = TypeKind::rvalue_reference;
  else if (type->isPointerType())
    out.kind = TypeKind::pointer;
  else if (type->isBooleanType())
    out.kind = TypeKind::boolean;
  else if (type->isEnumeralType())
    out.kind = TypeKind::enumeration;
  else if (type->isIntegerType())
    out.kind = TypeKind::integer;
  else if (type->isRealFloatingType())
    out.kind = TypeKind::floating;
  else if (type->isFunctionType())
    out.kind = TypeKind::function;
  else if (type->isRecordType())
    out.kind = TypeKind::record;
  else if (type->isArrayType())
    out.kind = TypeKind::array;
  else if (type->isMemberPointerType())
    out.kind = TypeKind::member_pointer;
  out.spelling = strings_.id(written.getAsString(policy_));
  if (const std::uint64_t more = unspelled(type))
    out.identity = strings_.id(llvm::utohexstr(more, /*LowerCase=*/true));
  if (const auto *function = type->getAs<FunctionType>()) {
    out.result = this->type(function->getReturnType());
    if (const auto *proto = dyn_cast<FunctionProtoType>(function))
      for (const QualType parameter : proto->param_types())
        if (const facts::TypeId id = this->type(parameter); id != facts::none)
          out.args.push_back(id);
  }
  if (const auto *array = dyn_cast<ConstantArrayType>(type))
    out.extent = array->getSize().getLimitedValue();
  if (type->isPointerOrReferenceType())
    out.pointee = this->type(type->getPointeeType());
  else if (const auto *array = dyn_cast<ArrayType>(type))
    out.pointee = this->type(array->getElementType());
  if (const auto *record = type->getAsCXXRecordDecl()) {
    fill_record(out, record);
    fill_awaitable(out, record);
    fill_promise(out, type, record);
  } else if (const auto *c_record = type->getAsRecordDecl()) {
    out.qualified = strings_.id(qualified(c_record));
    out.place = places_.at(c_record->getLocation());
    out.system = places_.in_system_header(c_record->getLocation());
    out.is_union = c_record->isUnion();
    capability(out, c_record);
    if (!out.system && c_record->getDefinition())
      fields(c_record->getDefinition(), out);
  }
  summary_.types[id] = std::move(out);
}

void EntityNamer::fill_record(facts::Type &out, const CXXRecordDecl *record) {
  out.qualified = strings_.id(qualified(record));
  const CXXRecordDecl *definition = record->getDefinition();
  const SourceLocation loc = (definition ? definition : record)->getLocation();
  out.place = places_.at(loc);
  out.system = places_.in_system_header(loc);
  out.closure = record->isLambda();
  out.is_union = record->isUnion();
  capability(out, record);
  if (const auto *spec = dyn_cast<ClassTemplateSpecializationDecl>(record))
    for (const TemplateArgument &arg : spec->getTemplateArgs().asArray())
      flatten(arg, *this, out.args);
  out.unlocks = callable_without_arguments(record, "unlock");
  out.basic_lockable = out.unlocks && callable_without_arguments(record, "lock");
  if (out.closure) {
    if (const CXXMethodDecl *op = call_operator(record))
      out.call_operator = function(op);
  } else if (const NamedDecl *op = member(record, context_.DeclarationNames.getCXXOperatorName(OO_Call))) {
    const auto *owner = cast<CXXRecordDecl>(op->getDeclContext());
    auto all = owner->lookup(context_.DeclarationNames.getCXXOperatorName(OO_Call));
    if (const auto *method = dyn_cast<CXXMethodDecl>(op); method && all.isSingleResult())
      out.call_operator = function(method);
  }
  if (!definition || definition->isDependentContext())
    return;
  out.empty = definition->isEmpty();
  out.nontrivial_destructor = definition->hasNonTrivialDestructor();
  if (const CXXDestructorDecl *dtor = definition->getDestructor(); dtor && (dtor->isUserProvided() || dtor->isVirtual()))
    out.destructor = function(dtor);
  for (const CXXBaseSpecifier &base : definition->bases())
    out.bases.push_back(type(base.getType()));
  if (out.system || out.closure)
    return; // a closure's fields are its captures
  fields(definition, out);
}

const FunctionDecl *EntityNamer::free_co_await(const CXXRecordDecl *record) {
  const DeclarationName name = context_.DeclarationNames.getCXXOperatorName(OO_Coawait);
  auto takes = [&](const FunctionDecl *fn) {
    if (!fn || fn->getNumParams() != 1 || isa<CXXMethodDecl>(fn))
      return false;
    const QualType param = fn->getParamDecl(0)->getType().getNonReferenceType().getUnqualifiedType();
    if (const CXXRecordDecl *exact = param->getAsCXXRecordDecl())
      return exact->getCanonicalDecl() == record->getCanonicalDecl();
    return same_template(param, record);
  };
  for (const FunctionDecl *fn : free_co_await_)
    if (takes(fn))
      return fn;
  for (const DeclContext *dc = record->getDeclContext(); dc; dc = dc->getParent())
    if (dc->isFileContext())
      for (const NamedDecl *decl : dc->lookup(name))
        if (const FunctionDecl *fn = decl->getAsFunction(); takes(fn))
          return fn;
  return nullptr;
}

void EntityNamer::fill_awaitable(facts::Type &out, const CXXRecordDecl *record) {
  const FunctionDecl *resume = as_function(member(record, "await_resume"));
  if (resume && member(record, "await_ready") && member(record, "await_suspend")) {
    out.awaitable = true;
  } else {
    const FunctionDecl *op = as_function(member(record, context_.DeclarationNames.getCXXOperatorName(OO_Coawait)));
    if (!op)
      op = free_co_await(record);
    out.awaitable = op != nullptr;
    const CXXRecordDecl *awaiter = op ? op->getReturnType().getNonReferenceType()->getAsCXXRecordDecl() : nullptr;
    resume = awaiter ? as_function(member(awaiter, "await_resume")) : nullptr;
  }
  if (out.awaitable && resume && !resume->getReturnType()->isUndeducedType())
    out.await_result = type(resume->getReturnType());
}

void EntityNamer::fill_promise(facts::Type &out, QualType type, const CXXRecordDecl *record) {
  const TypeDecl *promise = promise_member(record);
  if (!promise) {
    const ClassTemplateDecl *traits = coroutine_traits(context_);
    if (!traits)
      return;
    for (const ClassTemplateSpecializationDecl *spec : traits->specializations()) {
      const TemplateArgument &first = spec->getTemplateArgs()[0];
      if (first.getKind() != TemplateArgument::Type || !context_.hasSameType(first.getAsType(), type))
        continue;
      if ((promise = promise_member(spec)))
        break;
    }
    llvm::SmallVector<ClassTemplatePartialSpecializationDecl *, 4> partial;
    if (!promise)
      const_cast<ClassTemplateDecl *>(traits)->getPartialSpecializations(partial);
    for (const ClassTemplatePartialSpecializationDecl *spec : partial) {
      const TemplateArgument &first = spec->getTemplateArgs()[0];
      if (first.getKind() != TemplateArgument::Type || !same_template(first.getAsType(), record))
        continue;
      if ((promise = promise_member(spec)))
        break;
    }
  }
  if (!promise)
    return;
  out.coroutine = true;
  if (const CXXRecordDecl *cls = class_named_by(type_of(promise))) {
    out.initial_suspend = suspension(cls, "initial_suspend");
    out.detached =
        out.initial_suspend == facts::InitialSuspend::eager && suspension(cls, "final_suspend") == facts::InitialSuspend::eager;
  }
}

} // namespace tenterhook::extract
