// Strings and places of one TUSummary: the interning tables that every other file of this room writes through.
#ifndef TENTERHOOK_CHECKS_EXTRACT_PLACES_H
#define TENTERHOOK_CHECKS_EXTRACT_PLACES_H

#include "extract/clang_headers.h"
#include "facts/tu_summary.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace tenterhook::extract {

// TUSummary::strings, numbered in order of first mention.
class StringPool {
public:
  explicit StringPool(facts::TUSummary &summary);
  facts::StringId id(llvm::StringRef text);

private:
  std::vector<std::string> &strings_;
  llvm::StringMap<facts::StringId> ids_;
};

// Source locations as a person sees them: the file as it was spelled on the command line or in #include, made absolute
// with the working directory; macros resolve to where a person wrote the tokens.
class Places {
public:
  Places(const clang::ASTContext &context, StringPool &strings);

  // From the first character of `begin`'s token to one past the last of `end`'s.
  facts::Place range(clang::SourceLocation begin, clang::SourceLocation end);
  facts::Place at(clang::SourceLocation loc) { return range(loc, loc); }
  facts::Place of(clang::SourceRange r) { return range(r.getBegin(), r.getEnd()); }
  // Calls start at the name of a member, everything else at its first token.
  facts::Place of(const clang::Expr *expr);

  std::string path(clang::FileID file);                   // absolute; empty for buffers that are not files
  bool in_system_header(clang::SourceLocation loc) const; // also true for no place at all (builtins)

  const clang::SourceManager &sources() const { return sources_; }

private:
  facts::StringId file(clang::FileID file);

  const clang::SourceManager &sources_;
  const clang::LangOptions &language_;
  StringPool &strings_;
  llvm::DenseMap<clang::FileID, facts::StringId> files_;
};

} // namespace tenterhook::extract

#endif
