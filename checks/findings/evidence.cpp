// Names of sources and verdicts.
#include "findings/evidence.h"
#include "llvm/Support/ErrorHandling.h"

namespace tenterhook::findings {

const char *to_string(SourceKind kind) {
  switch (kind) {
  case SourceKind::runtime_trace: return "runtime trace";
  case SourceKind::recorder_trace: return "recorder trace";
  case SourceKind::thread_sanitizer: return "ThreadSanitizer log";
  case SourceKind::realtime_sanitizer: return "RealtimeSanitizer log";
  case SourceKind::helgrind: return "Helgrind XML";
  case SourceKind::drd: return "DRD XML";
  }
  llvm_unreachable("a source of no kind");
}

const char *to_string(Judgement judgement) {
  switch (judgement) {
  case Judgement::confirmed: return "confirmed";
  case Judgement::contradicted: return "contradicted";
  case Judgement::not_exercised: return "not exercised";
  case Judgement::inconclusive: return "inconclusive";
  case Judgement::no_rule: return "no evidence rule";
  }
  llvm_unreachable("a judgement of no name");
}

} // namespace tenterhook::findings
