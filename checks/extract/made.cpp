// The object that a library's function makes of its arguments, std::make_unique<T>(a, b) or v.emplace_back(a, b), and
// the constructor that they choose.
//
// Bodies of system headers are not parsed, so the construct itself is not there to be seen. Nothing hangs on names of
// functions: such a one is a template that takes a pack of forwarding references; what it makes is the class that its
// result owns (the first template argument of both), or an element of the container that it is a member of. The
// constructor is told only where number, types and value categories of the arguments leave one.
#include "extract/body_walker.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

// How well an argument fits a parameter, smaller is better.
enum Fit : unsigned { exact, converted, impossible };

// The index of the first argument of a trailing `Args &&...`; none if the function has no such pack.
std::optional<unsigned> forwarded_from(const FunctionDecl *callee) {
  const FunctionTemplateDecl *primary = callee->getPrimaryTemplate();
  const FunctionDecl *pattern = primary ? primary->getTemplatedDecl() : nullptr;
  if (pattern)
    if (const FunctionTemplateDecl *member = primary->getInstantiatedFromMemberTemplate())
      pattern = member->getTemplatedDecl();
  if (!pattern || pattern->getNumParams() == 0)
    return std::nullopt;
  const unsigned last = pattern->getNumParams() - 1;
  const auto *pack = pattern->getParamDecl(last)->getType()->getAs<PackExpansionType>();
  if (!pack || !pack->getPattern()->isRValueReferenceType())
    return std::nullopt;
  if (!isa<TemplateTypeParmType>(pack->getPattern()->getPointeeType().getCanonicalType()))
    return std::nullopt;
  return last;
}

QualType member_type(const CXXRecordDecl *record, llvm::StringRef name, unsigned depth = 0) {
  record = record->getDefinition();
  if (!record || depth > 4)
    return {};
  for (const NamedDecl *decl : record->lookup(&record->getASTContext().Idents.get(name)))
    if (const auto *alias = dyn_cast<TypedefNameDecl>(decl->getUnderlyingDecl()))
      return alias->getUnderlyingType();
  for (const CXXBaseSpecifier &base : record->bases())
    if (const CXXRecordDecl *of = base.getType()->getAsCXXRecordDecl())
      if (const QualType found = member_type(of, name, depth + 1); !found.isNull())
        return found;
  return {};
}

QualType first_argument(const CXXRecordDecl *record) {
  const auto *spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(record);
  if (!spec || spec->getTemplateArgs().size() == 0)
    return {};
  const TemplateArgument &first = spec->getTemplateArgs()[0];
  return first.getKind() == TemplateArgument::Type ? first.getAsType() : QualType();
}

// The class of the object; `first`: the arguments before this one are no part of it.
const CXXRecordDecl *class_made(const FunctionDecl *callee, unsigned first) {
  ASTContext &context = callee->getASTContext();
  const TemplateArgumentList *written = callee->getTemplateSpecializationArgs();
  const TemplateArgument *chosen = written && written->size() ? &written->get(0) : nullptr;
  const QualType named = chosen && chosen->getKind() == TemplateArgument::Type ? chosen->getAsType() : QualType();
  const auto *method = dyn_cast<CXXMethodDecl>(callee);
  QualType made;
  if (!method || method->isStatic()) {
    const QualType result = callee->getReturnType();
    const QualType owned = result->isPointerType() ? result->getPointeeType() : first_argument(result->getAsCXXRecordDecl());
    if (!named.isNull() && !owned.isNull() && context.hasSameUnqualifiedType(named, owned))
      made = named;
  } else if (!named.isNull()) { // variant::emplace<T>
    made = named;
  } else if (const auto *spec = dyn_cast<ClassTemplateSpecializationDecl>(method->getParent());
             spec && chosen && chosen->getKind() == TemplateArgument::Integral) { // variant::emplace<1>
    const std::uint64_t index = chosen->getAsIntegral().getLimitedValue();
    llvm::ArrayRef<TemplateArgument> all = spec->getTemplateArgs().asArray();
    if (all.size() == 1 && all[0].getKind() == TemplateArgument::Pack)
      all = all[0].pack_elements();
    if (index < all.size() && all[index].getKind() == TemplateArgument::Type)
      made = all[index].getAsType();
  } else {
    const QualType key = member_type(method->getParent(), "key_type");
    const QualType mapped = member_type(method->getParent(), "mapped_type");
    const bool by_key = first > 0 && !key.isNull() && !mapped.isNull() &&
                        context.hasSameUnqualifiedType(callee->getParamDecl(first - 1)->getType().getNonReferenceType(), key);
    made = by_key ? mapped : member_type(method->getParent(), "value_type"); // try_emplace(key, …)
  }
  return made.isNull() || made->isDependentType() ? nullptr : made->getAsCXXRecordDecl();
}

Fit fit(QualType parameter, const Expr *argument) {
  const QualType wanted = parameter.getNonReferenceType().getCanonicalType();
  const QualType given = argument->getType().getCanonicalType();
  const bool same = wanted.getUnqualifiedType() == given.getUnqualifiedType();
  if (parameter->isLValueReferenceType() && !wanted.isConstQualified() && !argument->isLValue())
    return impossible;
  if (parameter->isRValueReferenceType() && same && argument->isLValue())
    return impossible;
  if (same)
    return parameter->isLValueReferenceType() && !argument->isLValue() ? converted : exact;
  if (given->isRecordType() && wanted->isScalarType() && given->getAsCXXRecordDecl()->hasDefinition() &&
      given->getAsCXXRecordDecl()->getVisibleConversionFunctions().empty())
    return impossible;
  if (given->isArithmeticType() && wanted->isPointerType())
    return impossible;
  if (given->isPointerType() && wanted->isArithmeticType() && !wanted->isBooleanType())
    return impossible;
  return converted;
}

const CXXConstructorDecl *constructor_for(const CXXRecordDecl *record, llvm::ArrayRef<const Expr *> args) {
  const CXXConstructorDecl *best = nullptr;
  unsigned least = ~0u;
  bool several = false;
  for (const Decl *decl : record->decls()) {
    const auto *pattern = dyn_cast<FunctionTemplateDecl>(decl);
    const auto *constructor = dyn_cast<CXXConstructorDecl>(pattern ? pattern->getTemplatedDecl() : decl);
    // Implicit ones are there or not as the parser had use for them: the plugin's, which parses bodies of system headers, more.
    if (!constructor || constructor->isImplicit() || constructor->isDeleted() || constructor->isInvalidDecl())
      continue;
    if (args.size() < constructor->getMinRequiredArguments())
      continue;
    const bool takes_any =
        constructor->isVariadic() || (constructor->getNumParams() && constructor->parameters().back()->isParameterPack());
    if (args.size() > constructor->getNumParams() && !takes_any)
      continue;
    unsigned conversions = 0;
    if (pattern) {
      conversions = args.size(); // deduction may fit exactly, or fail: better than nothing, worse than an exact one
    } else {
      for (unsigned i = 0; i < args.size() && i < constructor->getNumParams(); ++i) {
        const Fit one = fit(constructor->getParamDecl(i)->getType(), args[i]);
        conversions = one == impossible ? ~0u : conversions + one;
        if (one == impossible)
          break;
      }
      if (conversions == ~0u)
        continue;
    }
    several = conversions == least || (several && conversions > least);
    if (conversions < least || !best) {
      best = constructor;
      least = conversions;
    }
  }
  return !best || several || best->isTemplated() ? nullptr : best;
}

} // namespace

void BodyWalker::set_made(const CallExpr *call, Op &op) {
  const FunctionDecl *callee = call->getDirectCallee();
  if (!callee || !callee->getPrimaryTemplate() || !namer_.places().in_system_header(callee->getLocation()))
    return;
  const std::optional<unsigned> first = forwarded_from(callee);
  if (!first || callee->getNumParams() < *first)
    return;
  const CXXRecordDecl *record = class_made(callee, *first);
  if (!record)
    return;
  llvm::ArrayRef<const Expr *> args(call->getArgs(), call->getNumArgs());
  args = args.drop_front(std::min<std::size_t>(args.size(), *first));
  op.makes = namer_.record(record);
  if (const CXXRecordDecl *definition = record->getDefinition())
    if (const CXXConstructorDecl *constructor = constructor_for(definition, args))
      op.made_by = namer_.function(constructor);
  if (args.size() == 1 && drops_result(record, args[0]))
    op.result_dropped = true;
}

} // namespace tenterhook::extract
