// libFuzzer entry: any bytes given as evidence or as a report to `tenterhook validate` give evidence, a report or one clear
// line, never a crash; and whatever was read can be judged and written.
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

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  static const validate::LoadedReport plain = llvm::cantFail(validate::read_report(
      "r", R"({"runs": [{"tool": {"driver": {"name": "Tenterhook"}}, "results": []}]})", no_source, {}));
  if (llvm::Expected<std::vector<findings::Evidence>> evidence = validate::read_evidence("fuzz", bytes))
    validate::annotated(plain, *evidence, validate::judge_all(plain, *evidence, {}), no_source);
  else
    clear_line(evidence.takeError());
  if (llvm::Expected<validate::LoadedReport> report = validate::read_report("fuzz", bytes, no_source, {})) {
    const std::vector<findings::Evidence> none;
    validate::annotated(*report, none, validate::judge_all(*report, none, {}), no_source);
  } else {
    clear_line(report.takeError());
  }
  return 0;
}
