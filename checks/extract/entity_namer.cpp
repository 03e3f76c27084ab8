// Entities: their names (USR, qualified, for people) and what their declaration says.
#include "extract/entity_namer.h"
#include "clang/AST/Attr.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

constexpr llvm::StringLiteral anonymous_member = "(anonymous)";

PrintingPolicy printing_policy(const ASTContext &context) {
  PrintingPolicy policy(context.getLangOpts());
  policy.SuppressUnwrittenScope = true;
  policy.SuppressInlineNamespace = llvm::to_underlying(PrintingPolicy::SuppressInlineNamespaceMode::All);
  policy.SuppressTagKeyword = true;
  policy.AnonymousTagLocations = false;
  policy.Bool = true;
  policy.TerseOutput = true;
  return policy;
}

// Whether another TU cannot mean this entity: it, or something it is declared in, has internal linkage.
bool is_internal(const NamedDecl *decl) {
  if (decl->getFormalLinkage() == Linkage::Internal)
    return true;
  for (const DeclContext *dc = decl->getDeclContext(); dc && !dc->isTranslationUnit(); dc = dc->getParent()) {
    if (const auto *ns = dyn_cast<NamespaceDecl>(dc); ns && ns->isAnonymousNamespace())
      return true;
    if (const auto *fn = dyn_cast<FunctionDecl>(dc); fn && fn->getFormalLinkage() == Linkage::Internal)
      return true;
  }
  return false;
}

const CXXRecordDecl *closure_of(const NamedDecl *decl) {
  const auto *method = dyn_cast<CXXMethodDecl>(decl);
  if (!method || !method->getParent()->isLambda())
    return nullptr;
  return method->getOverloadedOperator() == OO_Call ? method->getParent() : nullptr;
}

} // namespace

EntityNamer::EntityNamer(ASTContext &context, facts::TUSummary &summary)
    : context_(context), summary_(summary), strings_(summary), places_(context, strings_), policy_(printing_policy(context)) {}

const CXXMethodDecl *EntityNamer::call_operator(const CXXRecordDecl *closure) {
  const CXXMethodDecl *op = closure->getLambdaCallOperator();
  if (!op)
    return nullptr;
  if (const FunctionTemplateDecl *generic = op->getDescribedFunctionTemplate())
    for (const FunctionDecl *instance : generic->specializations())
      if (instance->isDefined())
        return cast<CXXMethodDecl>(instance);
  return op;
}

std::string EntityNamer::qualified(const NamedDecl *decl) const {
  if (const auto *fn = dyn_cast<FunctionDecl>(decl); fn && fn->isExternC())
    return fn->getNameAsString();
  if (const auto *var = dyn_cast<VarDecl>(decl); var && var->isExternC())
    return var->getNameAsString();
  std::vector<std::string> parts;
  if (const CXXRecordDecl *closure = closure_of(decl)) {
    parts.push_back("(lambda)");
    decl = closure;
  } else if (isa<CXXConstructorDecl>(decl)) { // getNameAsString would add the template's parameters
    parts.push_back(cast<CXXRecordDecl>(decl->getDeclContext())->getNameAsString());
  } else if (isa<CXXDestructorDecl>(decl)) {
    parts.push_back("~" + cast<CXXRecordDecl>(decl->getDeclContext())->getNameAsString());
  } else if (const auto *conversion = dyn_cast<CXXConversionDecl>(decl)) {
    parts.push_back("operator " + conversion->getConversionType().getAsString(policy_));
  } else if (const auto *record = dyn_cast<CXXRecordDecl>(decl); record && record->isLambda()) {
    parts.push_back("(lambda)");
  } else if (const auto *field = dyn_cast<FieldDecl>(decl); field && !field->getIdentifier()) {
    parts.emplace_back(anonymous_member);
  } else {
    parts.push_back(decl->getNameAsString());
  }
  for (const DeclContext *dc = decl->getDeclContext(); dc && !dc->isTranslationUnit(); dc = dc->getParent()) {
    if (const auto *ns = dyn_cast<NamespaceDecl>(dc)) {
      if (!ns->isInline() && !ns->isAnonymousNamespace())
        parts.push_back(ns->getNameAsString());
    } else if (const auto *record = dyn_cast<CXXRecordDecl>(dc); record && record->isLambda()) {
      continue; // its call operator says "(lambda)"
    } else if (const auto *fn = dyn_cast<FunctionDecl>(dc)) {
      if (closure_of(fn)) {
        parts.push_back("(lambda)");
      } else {
        parts.push_back(qualified(fn));
        break;
      }
    } else if (const auto *tag = dyn_cast<TagDecl>(dc)) {
      if (tag->getIdentifier())
        parts.push_back(tag->getNameAsString());
      else if (const TypedefNameDecl *alias = tag->getTypedefNameForAnonDecl())
        parts.push_back(alias->getNameAsString());
    }
  }
  std::string out;
  for (auto it = parts.rbegin(); it != parts.rend(); ++it)
    out += (out.empty() ? "" : "::") + *it;
  return out;
}

std::string EntityNamer::display(const NamedDecl *decl) const {
  const CXXRecordDecl *closure = closure_of(decl);
  if (!closure)
    return qualified(decl);
  const DeclContext *dc = closure->getDeclContext();
  for (; dc && !dc->isTranslationUnit(); dc = dc->getParent()) {
    if (const auto *fn = dyn_cast<FunctionDecl>(dc); fn && !closure_of(fn))
      return "lambda in " + qualified(fn);
    if (const auto *record = dyn_cast<CXXRecordDecl>(dc); record && !record->isLambda())
      return "lambda in " + qualified(record);
  }
  return "lambda";
}

facts::EntityId EntityNamer::entity(const NamedDecl *decl, facts::EntityKind kind, bool &is_new) {
  decl = cast<NamedDecl>(decl->getCanonicalDecl());
  auto [it, inserted] = entities_.try_emplace(decl, static_cast<facts::EntityId>(summary_.entities.size()));
  is_new = inserted;
  if (!inserted)
    return it->second;
  const facts::EntityId id = it->second;
  summary_.entities.emplace_back();

  facts::Entity e;
  e.kind = kind;
  llvm::SmallString<128> usr;
  if (const auto *field = dyn_cast<FieldDecl>(decl); field && !field->getIdentifier()) { // an anonymous union's
    index::generateUSRForDecl(field->getParent(), usr);
    e.name.usr = (usr + "@FI@#" + llvm::Twine(field->getFieldIndex())).str();
  } else if (!index::generateUSRForDecl(decl, usr)) {
    e.name.usr = std::string(usr);
  }
  if (e.name.usr.empty())
    e.name.usr = "t:" + qualified(decl);
  if (const std::uint64_t closures = closures_of(decl))
    e.name.usr += "@" + llvm::utohexstr(closures, /*LowerCase=*/true);
  e.internal_linkage = is_internal(decl);
  e.place = places_.at(decl->getLocation());
  if (e.internal_linkage)
    e.name.build_namespace = summary_.str(e.place.file);
  e.name.ordinal = ordinals_[e.name.usr + '\0' + e.name.build_namespace]++;
  e.qualified = strings_.id(qualified(decl));
  e.display = strings_.id(display(decl));
  e.system = places_.in_system_header(decl->getLocation());
  annotations(decl, e);
  summary_.entities[id] = std::move(e);
  capabilities(decl, id);
  return id;
}

void EntityNamer::annotations(const Decl *decl, facts::Entity &entity) {
  std::vector<std::string> texts;
  for (const Decl *redecl : decl->redecls())
    for (const auto *attr : redecl->specific_attrs<AnnotateAttr>())
      texts.push_back(attr->getAnnotation().str());
  if (const auto *fn = dyn_cast<FunctionDecl>(decl))
    for (const FunctionDecl *redecl : fn->redecls())
      for (const FunctionEffectWithCondition &effect : FunctionEffectsRef::get(redecl->getType())) {
        if (effect.Effect.kind() == FunctionEffect::Kind::Blocking)
          texts.emplace_back("clang::blocking");
        if (effect.Effect.kind() == FunctionEffect::Kind::NonBlocking)
          texts.emplace_back("clang::nonblocking");
      }
  llvm::sort(texts);
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  for (const std::string &text : texts)
    entity.annotations.push_back(strings_.id(text));
}

facts::EntityId EntityNamer::function(const FunctionDecl *function) {
  if (!function)
    return facts::none;
  bool is_new = false;
  const facts::EntityId id = entity(function, facts::EntityKind::function, is_new);
  if (!is_new)
    return id;
  facts::TypeId result = facts::none;
  if (!isa<CXXConstructorDecl, CXXDestructorDecl>(function))
    result = type(function->getReturnType());
  facts::TypeId of = facts::none;
  if (const auto *method = dyn_cast<CXXMethodDecl>(function))
    of = record(method->getParent());
  summary_.entities[id].type = result;
  summary_.entities[id].record = of;
  signature(function, id);
  return id;
}

facts::EntityId EntityNamer::variable(const VarDecl *variable) {
  bool is_new = false;
  const facts::EntityId id = entity(variable, facts::EntityKind::variable, is_new);
  if (!is_new)
    return id;
  const facts::TypeId of_type = type(variable->getType());
  facts::TypeId of = facts::none;
  if (const auto *owner = dyn_cast<CXXRecordDecl>(variable->getDeclContext()))
    of = record(owner);
  facts::Entity &e = summary_.entities[id];
  e.type = of_type;
  e.record = of;
  e.is_thread_local = variable->getTLSKind() != VarDecl::TLS_None;
  e.is_const = variable->getType().isConstQualified() || variable->isConstexpr();
  e.c_linkage = variable->isExternC();
  return id;
}

facts::EntityId EntityNamer::builtin(llvm::StringRef name) {
  auto [it, is_new] = builtins_.try_emplace(name, static_cast<facts::EntityId>(summary_.entities.size()));
  if (!is_new)
    return it->second;
  facts::Entity e;
  e.name.usr = ("builtin:" + name).str();
  e.qualified = e.display = strings_.id(name);
  e.system = e.c_linkage = e.is_noexcept = true;
  summary_.entities.push_back(std::move(e));
  return it->second;
}

facts::EntityId EntityNamer::initialiser(const VarDecl *variable, bool constant) {
  return initialiser_of(this->variable(variable), constant ? "@constant" : "@initializer",
                        (constant ? "constant initializer for '" : "dynamic initializer for '") + qualified(variable) + "'");
}

facts::EntityId EntityNamer::initialiser(const FieldDecl *field) {
  return initialiser_of(this->field(field), "@default", "default initializer for '" + qualified(field) + "'");
}

facts::EntityId EntityNamer::initialiser_of(facts::EntityId initialised, llvm::StringRef suffix, const std::string &name) {
  facts::Entity e;
  {
    const facts::Entity &of = summary_.entities[initialised];
    e.name = of.name;
    e.place = of.place;
    e.internal_linkage = of.internal_linkage;
    e.system = of.system;
  }
  e.name.usr += suffix;
  e.kind = facts::EntityKind::function;
  e.qualified = e.display = strings_.id(name);
  const auto id = static_cast<facts::EntityId>(summary_.entities.size());
  summary_.entities.push_back(std::move(e));
  return id;
}

facts::EntityId EntityNamer::field(const FieldDecl *field) {
  bool is_new = false;
  const facts::EntityId id = entity(field, facts::EntityKind::field, is_new);
  if (!is_new)
    return id;
  const facts::TypeId of_type = type(field->getType());
  const facts::TypeId of = record(field->getParent());
  facts::Entity &e = summary_.entities[id];
  e.type = of_type;
  e.record = of;
  e.is_const = field->getType().isConstQualified() && !field->isMutable();
  e.is_mutable = field->isMutable();
  return id;
}

facts::TypeId EntityNamer::record(const RecordDecl *record) { return type(context_.getCanonicalTagType(record)); }

facts::TypeId EntityNamer::type(QualType type) {
  if (type.isNull() || type->isVoidType() || type->isDependentType())
    return facts::none;
  type = type.getCanonicalType().getUnqualifiedType();
  auto [it, is_new] = types_.try_emplace(type.getAsOpaquePtr(), static_cast<facts::TypeId>(summary_.types.size()));
  if (is_new) {
    summary_.types.emplace_back();
    unfilled_.emplace_back(it->second, type);
  }
  return it->second;
}

void EntityNamer::finish() {
  for (std::size_t i = 0; i < unfilled_.size(); ++i) { // grows while it runs
    auto [id, type] = unfilled_[i];
    fill(id, type);
  }
  unfilled_.clear();
}

} // namespace tenterhook::extract
