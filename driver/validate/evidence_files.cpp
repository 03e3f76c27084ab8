// Which reader takes a file. See evidence_files.h.
#include "validate/evidence_files.h"
#include "validate/file_error.h"
#include "validate/logs.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace tenterhook::validate {

using namespace findings;

namespace {

constexpr llvm::StringLiteral trace_magic = "TNTRHOOK"; // runtime/trace/format.h

Evidence without_reports(SourceKind sanitizer, llvm::StringRef file) {
  Evidence evidence;
  evidence.file = file.str();
  evidence.source = sanitizer;
  evidence.sight.races = sanitizer == SourceKind::thread_sanitizer;
  return evidence;
}

} // namespace

llvm::Expected<std::vector<Evidence>> read_log_of(SourceKind sanitizer, llvm::StringRef file, llvm::StringRef bytes,
                                                  Release release) {
  std::size_t zero = bytes.take_front(65536).find('\0');
  if (bytes.starts_with(trace_magic) || zero != llvm::StringRef::npos)
    return wrong(file, llvm::Twine("no text, so no ") + to_string(sanitizer) + "; give a trace without an option before it");
  std::vector<Evidence> found = read_sanitizer_log(file, bytes, release);
  if (llvm::none_of(found, [&](const Evidence &of) { return of.source == sanitizer; }))
    found.push_back(without_reports(sanitizer, file));
  return found;
}

Evidence no_log_of(SourceKind sanitizer, llvm::StringRef file) {
  Evidence evidence = without_reports(sanitizer, file);
  evidence.limits.push_back("no such file, so nothing was reported, if that is the log_path of the run");
  return evidence;
}

llvm::Expected<std::vector<Evidence>> read_evidence(llvm::StringRef file, llvm::StringRef bytes, Release release) {
  if (bytes.empty())
    return wrong(file, "is empty, so nothing tells what it is: a trace has a header even if nothing happened; of a "
                       "sanitizer's run without reports say --tsan FILE or --rtsan FILE");
  if (bytes.starts_with(trace_magic) || trace_magic.starts_with(bytes)) {
    llvm::Expected<Evidence> evidence = read_trace_evidence(file, bytes, release);
    if (!evidence)
      return evidence.takeError();
    return std::vector<Evidence>{std::move(*evidence)};
  }
  llvm::StringRef text = bytes;
  text.consume_front("\xef\xbb\xbf");
  if (text.ltrim().starts_with("<?xml") || text.ltrim().starts_with("<valgrindoutput")) {
    llvm::Expected<Evidence> evidence = read_valgrind_xml(file, text.ltrim(), release);
    if (!evidence)
      return evidence.takeError();
    return std::vector<Evidence>{std::move(*evidence)};
  }
  if (text.ltrim().starts_with("{")) {
    if (text.contains("\"runs\"") && text.contains("\"version\""))
      return wrong(file, "is SARIF, not evidence; the report is the first argument, and there is one");
    if (text.contains("\"findings\"") && text.contains("\"tenterhook\""))
      return wrong(file, "is a JSON report, not evidence; the report is the first argument, and there is one");
  }
  std::size_t zero = bytes.take_front(65536).find('\0');
  if (zero != llvm::StringRef::npos)
    return wrong(file, "neither a trace, nor a sanitizer's log, nor Valgrind's XML (byte " + llvm::Twine(zero) + " is no text)");
  std::vector<Evidence> found = read_sanitizer_log(file, text, release);
  if (found.empty()) // any text is that, a source file too: judged by it, everything would seem to have been looked for
    return wrong(file, "has no report of a sanitizer, so nothing tells what it is: of a sanitizer's run without reports "
                       "say --tsan FILE or --rtsan FILE");
  return found;
}

} // namespace tenterhook::validate
