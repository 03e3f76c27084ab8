// Which bodies a TU has to give: a walk over its non-system declarations, instantiations of user templates included.
#ifndef TENTERHOOK_CHECKS_EXTRACT_DECLARATIONS_H
#define TENTERHOOK_CHECKS_EXTRACT_DECLARATIONS_H

#include "extract/body_walker.h"
#include "extract/broken.h"
#include "extract/extract.h"

namespace tenterhook::extract {

class Declarations {
public:
  Declarations(EntityNamer &namer, const Broken &broken, const Options &options, facts::TUSummary &summary)
      : namer_(namer), broken_(broken), options_(options), summary_(summary) {}
  void walk();

private:
  void context(const clang::DeclContext *context);
  void declaration(const clang::Decl *decl);
  void record(const clang::CXXRecordDecl *record);
  void templates(const clang::Decl *decl);
  void function(const clang::FunctionDecl *function, facts::EntityId enclosing = facts::none);
  void extract(const clang::FunctionDecl *function, facts::EntityId entity, std::uint64_t hash, facts::EntityId enclosing);
  void library_awaiter(const clang::FunctionDecl *ready);
  void nested(const BodyMap &map, facts::EntityId enclosing);
  void variable(const clang::VarDecl *variable); // one that no function holds
  void lambdas_in(const clang::Stmt *initialiser);
  void extract_initialiser(const clang::VarDecl *variable);
  void constant_values(const clang::VarDecl *variable);
  void default_values(const clang::CXXRecordDecl *record);
  void collect_co_await(const clang::DeclContext *context);
  bool given_elsewhere(facts::EntityId entity, std::uint64_t hash);
  std::uint64_t hash_of(const clang::FunctionDecl *function, const facts::EntityName &name);
  std::uint64_t hash_of(clang::ODRHash &statements, clang::SourceLocation at, const facts::EntityName &name);

  EntityNamer &namer_;
  const Broken &broken_;
  const Options &options_;
  facts::TUSummary &summary_;
  BodyWalker::CaptureSources sources_;
  llvm::DenseSet<const clang::Decl *> seen_;
  facts::EntityId enclosing_ = facts::none; // of the local class that is being walked
};

} // namespace tenterhook::extract

#endif
