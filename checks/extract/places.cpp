// Strings and places. A FileID is resolved to its path once; columns and lines come from Clang's own tables.
#include "extract/places.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace tenterhook::extract {

StringPool::StringPool(facts::TUSummary &summary) : strings_(summary.strings) {
  for (std::size_t i = 0; i < strings_.size(); ++i)
    ids_.try_emplace(strings_[i], static_cast<facts::StringId>(i));
}

facts::StringId StringPool::id(llvm::StringRef text) {
  auto [it, is_new] = ids_.try_emplace(text, static_cast<facts::StringId>(strings_.size()));
  if (is_new)
    strings_.push_back(text.str());
  return it->second;
}

Places::Places(const ASTContext &context, StringPool &strings)
    : sources_(context.getSourceManager()), language_(context.getLangOpts()), strings_(strings) {}

std::string Places::path(FileID file) {
  OptionalFileEntryRef entry = sources_.getFileEntryRefForID(file);
  if (!entry)
    return {};
  llvm::SmallString<256> path(entry->getName());
  sources_.getFileManager().makeAbsolutePath(path);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return std::string(path);
}

facts::StringId Places::file(FileID file) {
  auto [it, is_new] = files_.try_emplace(file, 0);
  if (is_new)
    it->second = strings_.id(path(file));
  return it->second;
}

facts::Place Places::range(SourceLocation begin, SourceLocation end) {
  facts::Place place;
  if (begin.isInvalid())
    return place;
  begin = sources_.getFileLoc(begin);
  auto [file_id, offset] = sources_.getDecomposedLoc(begin);
  place.file = file(file_id);
  if (place.file == 0)
    return facts::Place(); // a builtin or a -D on the command line
  place.line = sources_.getLineNumber(file_id, offset);
  place.column = sources_.getColumnNumber(file_id, offset);
  // A macro's range ends where the macro's use ends; ends in another file (an #include inside a list) are cut.
  if (end.isMacroID())
    end = sources_.getExpansionRange(end).getEnd();
  end = end.isValid() ? sources_.getFileLoc(end) : begin;
  auto [end_file, end_offset] = sources_.getDecomposedLoc(end);
  if (end_file != file_id || end_offset < offset) {
    end = begin;
    end_offset = offset;
  }
  end_offset += Lexer::MeasureTokenLength(end, sources_, language_);
  place.end_line = sources_.getLineNumber(file_id, end_offset);
  place.end_column = sources_.getColumnNumber(file_id, end_offset);
  return place;
}

facts::Place Places::of(const Expr *expr) {
  SourceLocation begin = expr->getBeginLoc();
  if (const auto *call = dyn_cast<CXXMemberCallExpr>(expr))
    if (const auto *member = dyn_cast<MemberExpr>(call->getCallee()->IgnoreParens()))
      if (member->getMemberLoc().isValid())
        begin = member->getMemberLoc();
  return range(begin, expr->getEndLoc());
}

bool Places::in_system_header(SourceLocation loc) const {
  if (loc.isInvalid())
    return true;
  return sources_.isInSystemHeader(sources_.getExpansionLoc(loc));
}

} // namespace tenterhook::extract
