// libFuzzer entry: any bytes given as evidence or as a report to `tenterhook validate` give evidence, a report or one clear
// line, never a crash; and whatever was read can be judged and written. Traces keep their checksums right while they
// are changed (mended_trace.h), or nothing behind them would be reached.
#include "mended_trace.h"
#include "validate/evidence_files.h"
#include "validate/validate.h"
#include <cstdlib>

using namespace tenterhook;

namespace {

std::optional<std::string> no_source(llvm::StringRef) { return std::nullopt; }

void clear_line(llvm::Error error) {
  std::string message = llvm::toString(std::move(error));
  if (!llvm::StringRef(message).starts_with("fuzz: ") || llvm::StringRef(message).contains('\n'))
    std::abort();
}

// One finding of each check that evidence decides on, so that observations are held against something.
constexpr char report_with_findings[] = R"({"runs": [{"tool": {"driver": {"name": "Tenterhook"}}, "results": [
  {"ruleId": "tenterhook-blocking-call-in-coroutine", "message": {"text": "'read' blocks"}, "locations": [{"physicalLocation":
    {"artifactLocation": {"uri": "src/store.cpp"}, "region": {"startLine": 24, "startColumn": 3}}}]},
  {"ruleId": "tenterhook-discarded-awaitable", "message": {"text": "lost"}, "locations": [{"physicalLocation":
    {"artifactLocation": {"uri": "src/audit.cpp"}, "region": {"startLine": 9, "startColumn": 3}}}]},
  {"ruleId": "tenterhook-lock-across-await", "message": {"text": "held"}, "locations": [{"physicalLocation":
    {"artifactLocation": {"uri": "src/store.cpp"}, "region": {"startLine": 24, "startColumn": 3}}}]}]}]})";

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  static const validate::LoadedReport plain = llvm::cantFail(validate::read_report("r", report_with_findings, no_source, {}));
  if (llvm::Expected<std::vector<findings::Evidence>> evidence = validate::read_evidence("fuzz", bytes)) {
    std::string text;
    llvm::raw_string_ostream out(text);
    validate::Judgements judgements = validate::judge_all(plain, *evidence, {});
    validate::annotated(plain, *evidence, judgements, no_source);
    validate::print_summary(plain, *evidence, judgements, {}, out);
  } else {
    clear_line(evidence.takeError());
  }
  if (test::begins_as_trace(data, size))
    return 0;
  if (llvm::Expected<validate::LoadedReport> report = validate::read_report("fuzz", bytes, no_source, {})) {
    const std::vector<findings::Evidence> none;
    validate::annotated(*report, none, validate::judge_all(*report, none, {}), no_source);
  } else {
    clear_line(report.takeError());
  }
  return 0;
}
