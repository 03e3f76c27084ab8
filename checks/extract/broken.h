// Which code the compiler did not understand: where its errors stand, and what they left in the syntax tree.
//
// A body with an error inside is not told at all: a statement that Clang dropped may be the unlock that makes the rest
// right, and some of its own walks (the CFG's among them) do not expect the holes. Errors of groups that `-Wno-error=`
// can turn into warnings leave no holes and break nothing.
#ifndef TENTERHOOK_CHECKS_EXTRACT_BROKEN_H
#define TENTERHOOK_CHECKS_EXTRACT_BROKEN_H

#include "extract/clang_headers.h"
#include "llvm/ADT/DenseMap.h"

namespace tenterhook::extract {

// The places of errors, noted while the parser runs. Clang drops a statement that it cannot parse without a trace in
// the tree, so the tree alone does not tell.
class ErrorPlaces {
public:
  void note(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &info);

  // Whether an error stands between the two, in the order in which the preprocessor read the text; or whether the range
  // ends behind a fatal error, after which Clang says no more errors and instantiates nothing.
  bool inside(const clang::SourceManager &sources, clang::SourceRange range) const;

private:
  std::vector<clang::SourceLocation> places_; // of expansions; sorted when first asked for
  clang::SourceLocation fatal_;               // the first
  mutable std::vector<clang::SourceLocation> sorted_;
};

// Whether what Clang made of a declaration can be told. In a TU without errors everything can, at no cost.
class Broken {
public:
  // `places` may be null: the host did not listen, and only the tree is asked.
  Broken(const clang::ASTContext &context, const ErrorPlaces *places);

  bool function(const clang::FunctionDecl *function) const; // one with a body
  bool variable(const clang::VarDecl *variable) const;
  bool any() const { return any_; } // whether the TU has errors

private:
  bool statement(const clang::Stmt *stmt) const;
  bool expression(const clang::Expr *expr) const;
  bool inside(clang::SourceRange range) const;

  const clang::SourceManager &sources_;
  const ErrorPlaces *places_;
  bool any_;
};

} // namespace tenterhook::extract

#endif
