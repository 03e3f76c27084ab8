// Files in and out of a validation. See validate_command.h.
#include "driver/validate_command.h"
#include "driver/outputs.h"
#include "config/paths.h"
#include "config/suggest.h"
#include "engine/engine.h"
#include "validate/evidence_files.h"
#include "validate/validate.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include <optional>

namespace tenterhook::driver {

using findings::Evidence;
using findings::Judgement;

namespace {

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> load(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) return usage_error(path + ": " + buffer.getError().message());
  return std::move(*buffer);
}

std::optional<std::string> source(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) return std::nullopt;
  return (*buffer)->getBuffer().str();
}

struct FailOn {
  std::vector<Judgement> judgements;
  bool unpredicted = false;
};

// "confirmed,unpredicted"
llvm::Expected<FailOn> fail_on(llvm::StringRef words) {
  static const std::vector<std::string> known = {"confirmed", "contradicted", "not-exercised", "inconclusive",
                                                 "unpredicted", "never"};
  static constexpr Judgement judgements[] = {Judgement::confirmed, Judgement::contradicted, Judgement::not_exercised,
                                             Judgement::inconclusive};
  FailOn result;
  for (llvm::StringRef word : llvm::split(words, ',')) {
    auto it = llvm::find(known, word.trim());
    if (it == known.end())
      return usage_error("--fail-on: '" + word.trim() + "' is not one of " + llvm::join(known, ", ") +
                         did_you_mean(word.trim(), known));
    std::size_t index = it - known.begin();
    if (index < std::size(judgements)) result.judgements.push_back(judgements[index]);
    result.unpredicted |= *it == "unpredicted";
  }
  return result;
}

} // namespace

llvm::Expected<int> run_validate(const Arguments &arguments, llvm::raw_ostream &out) {
  llvm::Expected<FailOn> failing = fail_on(arguments.validate_fail_on);
  if (!failing) return failing.takeError();
  validate::Thresholds thresholds;
  if (!arguments.block_threshold.empty()) {
    double milliseconds = 0;
    llvm::StringRef given = arguments.block_threshold;
    if (given.getAsDouble(milliseconds) || !(milliseconds > 0) || milliseconds > 1e9)
      return usage_error("--block-threshold " + given + ": a number of milliseconds above 0 is expected");
    thresholds.block = std::uint64_t(milliseconds * 1e6);
  }
  auto text = load(arguments.files.front());
  if (!text) return text.takeError();
  auto report = validate::read_report(arguments.files.front(), (*text)->getBuffer(), source, engine::all_rules());
  if (!report) return report.takeError();
  std::optional<PendingFile> file;
  if (!arguments.validate_output.empty()) {
    auto pending = PendingFile::open(arguments.validate_output);
    if (!pending) return pending.takeError();
    file.emplace(std::move(*pending));
  }

  std::vector<Evidence> evidence;
  bool unusable = false;
  for (std::size_t i = 1; i < arguments.files.size(); ++i) {
    auto bytes = load(arguments.files[i]);
    auto read = bytes ? validate::read_evidence(arguments.files[i], (*bytes)->getBuffer())
                      : llvm::Expected<std::vector<Evidence>>(bytes.takeError());
    if (!read) {
      unusable = true;
      llvm::errs() << "tenterhook: error: " << llvm::toString(read.takeError()) << '\n';
      continue;
    }
    llvm::move(*read, std::back_inserter(evidence));
  }

  if (evidence.empty()) return 2; // each file was told; a list of findings that nobody judged helps nobody
  validate::Judgements judgements = validate::judge_all(*report, evidence, thresholds);
  validate::print_summary(*report, evidence, judgements, terminal_style(arguments.color), out);
  if (file) {
    std::string bytes = validate::annotated(*report, evidence, judgements, source)
                            .dump(2, ' ', false, validate::Json::error_handler_t::replace) +
                        "\n";
    if (llvm::Error error = file->write(bytes)) return error;
  }
  if (unusable) return 2;
  bool fails = failing->unpredicted && !judgements.unpredicted.empty();
  for (Judgement judgement : failing->judgements) fails |= judgements.totals[judgement] > 0;
  return fails ? 1 : 0;
}

} // namespace tenterhook::driver
