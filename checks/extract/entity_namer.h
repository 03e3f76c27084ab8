// Clang declarations and types → facts entities and types, interned.
//
// Entities are numbered in order of first mention. A type gets its id at once and its structure when `finish` runs,
// so that a class may mention itself. Names are stable across TUs (see facts::EntityName).
#ifndef TENTERHOOK_CHECKS_EXTRACT_ENTITY_NAMER_H
#define TENTERHOOK_CHECKS_EXTRACT_ENTITY_NAMER_H

#include "extract/places.h"

namespace tenterhook::extract {

class EntityNamer {
public:
  EntityNamer(clang::ASTContext &context, facts::TUSummary &summary);

  facts::EntityId function(const clang::FunctionDecl *function);
  facts::EntityId variable(const clang::VarDecl *variable);
  // The code that gives a variable its first value at run time, as a function: asked for once a variable.
  facts::EntityId initialiser(const clang::VarDecl *variable, bool constant);
  // The same of a field's default initialiser.
  facts::EntityId initialiser(const clang::FieldDecl *field);
  // A function of the language without a declaration, such as __c11_atomic_load.
  facts::EntityId builtin(llvm::StringRef name);
  facts::EntityId field(const clang::FieldDecl *field);
  facts::TypeId type(clang::QualType type); // references kept
  facts::TypeId value_type(clang::QualType type) { return this->type(type.getNonReferenceType()); }
  facts::TypeId record(const clang::RecordDecl *record);

  // Of several that a macro makes at one place the first one named is the first: call this for each, in source order,
  // before anything else mentions them.
  facts::EntityId lambda(const clang::LambdaExpr *lambda) { return function(call_operator(lambda->getLambdaClass())); }
  // A closure's body: of a generic lambda, its first instantiation (the pattern if there is none).
  static const clang::CXXMethodDecl *call_operator(const clang::CXXRecordDecl *closure);

  // Free `operator co_await`s declared in user code; found by the walk over declarations.
  void add_free_co_await(const clang::FunctionDecl *function) { free_co_await_.push_back(function); }

  void finish(); // fills in the structure of every type; may add more types and entities

  std::string qualified(const clang::NamedDecl *decl) const;
  clang::ASTContext &context() const { return context_; }
  StringPool &strings() { return strings_; }
  Places &places() { return places_; }
  const facts::Entity &operator[](facts::EntityId id) const { return summary_.entities[id]; }

private:
  facts::EntityId entity(const clang::NamedDecl *decl, facts::EntityKind kind, bool &is_new);
  std::string display(const clang::NamedDecl *decl) const;
  void annotations(const clang::Decl *decl, facts::Entity &entity);

  // identities.cpp: 0 where nothing is to tell
  std::uint64_t closure_at(const clang::CXXRecordDecl *closure);
  std::uint64_t closures_of(const clang::Decl *decl); // of a declaration and what it stands in, as arguments too
  std::uint64_t unspelled(clang::QualType type);
  std::uint64_t unspelled(const clang::CXXRecordDecl *record);
  static void visit_classes(clang::QualType type, llvm::function_ref<void(const clang::CXXRecordDecl *)> visit);

  facts::EntityId initialiser_of(facts::EntityId initialised, llvm::StringRef suffix, const std::string &name);

  // signatures.cpp
  void signature(const clang::FunctionDecl *function, facts::EntityId id);
  void capabilities(const clang::Decl *decl, facts::EntityId id);
  facts::AccessPath declared_path(const clang::Expr *expr);
  void fields(const clang::RecordDecl *record, facts::Type &out);
  void capability(facts::Type &out, const clang::RecordDecl *record);

  // type_facts.cpp
  void fill(facts::TypeId id, clang::QualType type);
  void fill_record(facts::Type &out, const clang::CXXRecordDecl *record);
  void fill_awaitable(facts::Type &out, const clang::CXXRecordDecl *record);
  void fill_promise(facts::Type &out, clang::QualType type, const clang::CXXRecordDecl *record);
  const clang::FunctionDecl *free_co_await(const clang::CXXRecordDecl *record);

  clang::ASTContext &context_;
  facts::TUSummary &summary_;
  StringPool strings_;
  Places places_;
  clang::PrintingPolicy policy_;
  llvm::DenseMap<const clang::Decl *, facts::EntityId> entities_;
  llvm::DenseMap<const void *, facts::TypeId> types_; // by canonical unqualified type
  llvm::StringMap<facts::EntityId> builtins_;
  llvm::StringMap<std::uint32_t> ordinals_; // entities with this USR and namespace so far
  llvm::DenseMap<const clang::Decl *, std::uint64_t> closures_, unspelled_;
  std::vector<std::pair<facts::TypeId, clang::QualType>> unfilled_;
  std::vector<const clang::FunctionDecl *> free_co_await_;
};

} // namespace tenterhook::extract

#endif
