// What tells two things apart that Clang names alike: the closures in them, and the functions that they are local to.
//
// A closure's class has no name. To a USR all instances `Finally<(lambda)>` of one function are one class, and to a
// spelling all of the program. A closure is known by where it stands in what holds it: line and column, and of several
// that a macro makes at one place the number. No path: copies of one file hold the same code. All of it is put into one
// number, because types of closures over closures have spellings that grow without bound.
#include "extract/entity_namer.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

using namespace clang;

namespace tenterhook::extract {
namespace {

std::uint64_t mixed(std::uint64_t seed, llvm::StringRef text) {
  const std::uint64_t hash = llvm::xxh3_64bits((llvm::utohexstr(seed) + ":" + text).str());
  return hash ? hash : 1;
}
// 0 where there is nothing to tell.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t more) { return more ? mixed(seed, llvm::utohexstr(more)) : seed; }

llvm::ArrayRef<TemplateArgument> arguments(const Decl *decl) {
  if (const auto *record = dyn_cast<ClassTemplateSpecializationDecl>(decl))
    return record->getTemplateArgs().asArray();
  if (const auto *variable = dyn_cast<VarTemplateSpecializationDecl>(decl))
    return variable->getTemplateArgs().asArray();
  if (const auto *function = dyn_cast<FunctionDecl>(decl))
    if (const TemplateArgumentList *args = function->getTemplateSpecializationArgs())
      return args->asArray();
  return {};
}

template <class Visit> void each_type(llvm::ArrayRef<TemplateArgument> args, Visit visit) {
  for (const TemplateArgument &arg : args)
    if (arg.getKind() == TemplateArgument::Type)
      visit(arg.getAsType());
    else if (arg.getKind() == TemplateArgument::Pack)
      each_type(arg.pack_elements(), visit);
}

} // namespace

std::uint64_t EntityNamer::closure_at(const CXXRecordDecl *closure) {
  const facts::Place place = places_.at(closure->getLocation());
  std::string at = (llvm::Twine(place.line) + ":" + llvm::Twine(place.column)).str();
  if (const unsigned index = closure->getLambdaIndexInContext())
    at += "." + std::to_string(index);
  llvm::SmallString<128> usr; // says the function
  index::generateUSRForDecl(closure, usr);
  const std::uint64_t outer = closures_of(cast<Decl>(closure->getDeclContext()));
  // A function that only this TU has may hold more of them at one place.
  if (const unsigned n = ordinals_[(usr + "@" + at + "@" + llvm::Twine(outer)).str()]++)
    at += "#" + std::to_string(n);
  return mixed(outer, at);
}

std::uint64_t EntityNamer::closures_of(const Decl *decl) {
  if (!decl || isa<TranslationUnitDecl>(decl))
    return 0;
  decl = decl->getCanonicalDecl();
  if (const auto known = closures_.find(decl); known != closures_.end())
    return known->second;
  closures_[decl] = 0;
  const auto *record = dyn_cast<CXXRecordDecl>(decl);
  std::uint64_t all = record && record->isLambda() ? closure_at(record) : 0;
  if (!record || !record->isLambda())
    if (const DeclContext *outer = decl->getDeclContext())
      all = closures_of(cast<Decl>(outer));
  each_type(arguments(decl), [&](QualType type) {
    visit_classes(type, [&](const CXXRecordDecl *inner) { all = mixed(all, closures_of(inner)); });
  });
  return closures_[decl] = all;
}

// The classes that a type is made of.
void EntityNamer::visit_classes(QualType type, llvm::function_ref<void(const CXXRecordDecl *)> visit) {
  if (type.isNull())
    return;
  type = type.getCanonicalType();
  if (const CXXRecordDecl *record = type->getAsCXXRecordDecl())
    return visit(record);
  if (type->isPointerOrReferenceType())
    return visit_classes(type->getPointeeType(), visit);
  if (const auto *array = dyn_cast<ArrayType>(type))
    return visit_classes(array->getElementType(), visit);
  if (const auto *atomic = type->getAs<AtomicType>())
    return visit_classes(atomic->getValueType(), visit);
  if (const auto *function = type->getAs<FunctionType>()) {
    visit_classes(function->getReturnType(), visit);
    if (const auto *proto = dyn_cast<FunctionProtoType>(function))
      for (const QualType parameter : proto->param_types())
        visit_classes(parameter, visit);
  }
}

// What a type's spelling and the place of its class leave open; 0: nothing.
std::uint64_t EntityNamer::unspelled(QualType type) {
  std::uint64_t all = 0;
  visit_classes(type, [&](const CXXRecordDecl *record) { all = mixed(all, unspelled(record)); });
  return all;
}

std::uint64_t EntityNamer::unspelled(const CXXRecordDecl *record) {
  record = record->getCanonicalDecl();
  if (const auto known = unspelled_.find(record); known != unspelled_.end())
    return known->second;
  unspelled_[record] = 0;
  std::uint64_t all = 0;
  if (record->isLambda() || record->getParentFunctionOrMethod()) {
    llvm::SmallString<128> usr;
    index::generateUSRForDecl(record, usr);
    all = mixed(closures_of(record), usr);
  } else {
    each_type(arguments(record), [&](QualType type) { all = mixed(all, unspelled(type)); });
    if (const auto *outer = dyn_cast<CXXRecordDecl>(record->getDeclContext()))
      all = mixed(all, unspelled(outer));
  }
  return unspelled_[record] = all;
}

} // namespace tenterhook::extract
