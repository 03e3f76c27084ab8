// Places back to source locations, sentences to clang-tidy's style. See diagnose.h.
#include "diagnose.h"
#include "llvm/ADT/StringExtras.h"

namespace tenterhook::tidy {
namespace {

using clang::DiagnosticIDs;

// Invalid if the TU has not read the file; the diagnostic then stands without a place rather than at a wrong one.
clang::SourceLocation locate(clang::SourceManager &sources, const std::string &file, unsigned line, unsigned column) {
  if (file.empty() || line == 0 || column == 0)
    return {};
  auto entry = sources.getFileManager().getOptionalFileRef(file);
  return entry ? sources.translateFileLineCol(&entry->getFileEntry(), line, column) : clang::SourceLocation();
}

void at(clang::tidy::ClangTidyCheck &check, const findings::Place &place, llvm::StringRef message, DiagnosticIDs::Level level,
        clang::SourceManager &sources) {
  clang::SourceLocation begin = locate(sources, place.file, place.line, place.column);
  clang::SourceLocation end = locate(sources, place.file, place.end_line, place.end_column);
  // "%0", because a message may hold a '%'.
  clang::DiagnosticBuilder builder = check.diag(begin, "%0", level);
  builder << message;
  if (begin.isValid() && end.isValid() && place.line == place.end_line)
    builder << clang::CharSourceRange::getCharRange(begin, end);
}

// One of the finding's sentences as a clause: no capital, unless the word is written in capitals, and no full stop.
std::string clause(llvm::StringRef sentence) {
  sentence.consume_back(".");
  std::string out = sentence.str();
  if (out.size() > 1 && llvm::isUpper(out[0]) && !llvm::isUpper(out[1]))
    out[0] = llvm::toLower(out[0]);
  return out;
}

} // namespace

void diagnose(clang::tidy::ClangTidyCheck &check, const findings::Finding &finding, clang::SourceManager &sources) {
  std::string message = clause(finding.what);
  if (!finding.instead.empty())
    message += "; " + clause(finding.instead);
  at(check, finding.place, message, DiagnosticIDs::Warning, sources);
  for (const findings::Step &step : finding.witness)
    at(check, step.place, "[" + step.lane + "] " + step.message, DiagnosticIDs::Note, sources);
  for (const findings::Related &related : finding.related)
    at(check, related.place, related.message, DiagnosticIDs::Note, sources);
}

} // namespace tenterhook::tidy
