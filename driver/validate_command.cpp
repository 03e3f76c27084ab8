// Files in and out of a validation. See validate_command.h.
#include "driver/validate_command.h"
#include "config/paths.h"
#include "config/suggest.h"
#include "driver/input_file.h"
#include "driver/outputs.h"
#include "engine/engine.h"
#include "record/children.h"
#include "validate/evidence_files.h"
#include "validate/validate.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <optional>

namespace tenterhook::driver {

using findings::Evidence;
using findings::Judgement;
using findings::SourceKind;

namespace {

std::optional<std::string> source(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return std::nullopt;
  return (*buffer)->getBuffer().str();
}

// Of a log_path, of which ThreadSanitizer makes a file for each process that has something to report: "tsan.log.4711".
std::vector<std::string> files_of_log(const std::string &path) {
  if (llvm::sys::fs::exists(path))
    return {path};
  std::vector<std::string> files;
  std::error_code error;
  std::string folder = llvm::sys::path::parent_path(path).str();
  for (llvm::sys::fs::directory_iterator it(folder.empty() ? "." : folder, error), end; it != end && !error;
       it.increment(error)) {
    llvm::StringRef name = llvm::sys::path::filename(it->path());
    if (name.consume_front(llvm::sys::path::filename(path)) && name.consume_front(".") && !name.empty() &&
        llvm::all_of(name, llvm::isDigit))
      files.push_back(path + "." + name.str());
  }
  llvm::sort(files);
  return files;
}

using Read = llvm::Expected<std::vector<Evidence>>;

// All evidence that the command line names, in its order; what cannot be used is told, and `unusable` set.
class EvidenceReader {
public:
  std::vector<Evidence> read_all(const Arguments &arguments) {
    for (const std::string &path : record::with_children(llvm::ArrayRef(arguments.files).drop_front()))
      read(path, [&](llvm::StringRef bytes, validate::Release release) { return validate::read_evidence(path, bytes, release); });
    for (auto [logs, sanitizer] : {std::pair(&arguments.tsan_logs, SourceKind::thread_sanitizer),
                                   std::pair(&arguments.rtsan_logs, SourceKind::realtime_sanitizer)})
      for (const std::string &path : *logs)
        read_logs(path, sanitizer);
    return std::move(evidence_);
  }
  bool unusable() const { return unusable_; }

private:
  using Read = llvm::Expected<std::vector<Evidence>>;

  void take(Read read) {
    if (read)
      return void(llvm::move(*read, std::back_inserter(evidence_)));
    unusable_ = true;
    llvm::errs() << "tenterhook: error: " << llvm::toString(read.takeError()) << '\n';
  }

  void read(const std::string &path, llvm::function_ref<Read(llvm::StringRef, validate::Release)> reader) {
    auto bytes = load_file(path, "evidence is a file that a run wrote (`tenterhook record -- PROGRAM` makes one)");
    if (!bytes)
      return take(bytes.takeError());
    if (std::optional<std::string> other = given_.same_as(path, **bytes)) {
      llvm::errs() << "tenterhook: note: " << path << ": the same run as " << *other << ", so it counts once\n";
      return;
    }
    take(reader((*bytes)->getBuffer(), [&] { release(**bytes); }));
  }

  void read_logs(const std::string &path, SourceKind sanitizer) {
    std::string folder = llvm::sys::path::parent_path(path).str();
    if (!folder.empty() && !llvm::sys::fs::is_directory(folder))
      return take(usage_error(path + ": no such folder; a log_path is in one that exists"));
    std::vector<std::string> files = files_of_log(path);
    if (files.empty())
      evidence_.push_back(validate::no_log_of(sanitizer, path));
    for (const std::string &file : files)
      read(file, [&](llvm::StringRef bytes, validate::Release release) {
        return validate::read_log_of(sanitizer, file, bytes, release);
      });
  }

  std::vector<Evidence> evidence_;
  GivenFiles given_;
  bool unusable_ = false;
};

struct FailOn {
  std::vector<Judgement> judgements;
  bool unpredicted = false;
};

// "confirmed,unpredicted"
llvm::Expected<FailOn> fail_on(llvm::StringRef words) {
  static const std::vector<std::string> known = {"confirmed",    "contradicted", "not-exercised",
                                                 "inconclusive", "unpredicted",  "never"};
  static constexpr Judgement judgements[] = {Judgement::confirmed, Judgement::contradicted, Judgement::not_exercised,
                                             Judgement::inconclusive};
  FailOn result;
  for (llvm::StringRef word : llvm::split(words, ',')) {
    auto it = llvm::find(known, word.trim());
    if (it == known.end())
      return usage_error("--fail-on: '" + word.trim() + "' is not one of " + llvm::join(known, ", ") +
                         did_you_mean(word.trim(), known));
    std::size_t index = it - known.begin();
    if (index < std::size(judgements))
      result.judgements.push_back(judgements[index]);
    result.unpredicted |= *it == "unpredicted";
  }
  return result;
}

// Of "FILE.sarif" and, as `check` has it, "sarif=FILE". A name that promises anything else would be a surprise.
llvm::Expected<std::string> output_path(llvm::StringRef given) {
  static const std::vector<std::string> other_formats = {"text", "concise", "json"};
  llvm::StringRef path = given;
  auto [format, rest] = given.split('=');
  if (llvm::is_contained(other_formats, format) && given.contains('='))
    return usage_error("-o " + given + ": the report with verdicts is SARIF; write sarif=" + rest);
  if (path.consume_front("sarif=")) {
    if (path.empty())
      return usage_error("-o " + given + ": no file is named; write it as sarif=FILE");
    return path.str();
  }
  if (!path.ends_with_insensitive(".sarif") && !path.ends_with_insensitive(".sarif.json"))
    return usage_error("-o " + given + ": the report with verdicts is SARIF; end the name with .sarif, or write sarif=" + given);
  return path.str();
}

} // namespace

llvm::Expected<int> run_validate(const Arguments &arguments, llvm::raw_ostream &out) {
  llvm::Expected<FailOn> failing = fail_on(arguments.validate_fail_on);
  if (!failing)
    return failing.takeError();
  validate::Thresholds thresholds;
  if (!arguments.block_threshold.empty()) {
    double milliseconds = 0;
    llvm::StringRef given = arguments.block_threshold;
    if (given.getAsDouble(milliseconds) || !(milliseconds > 0) || milliseconds > 1e9)
      return usage_error("--block-threshold " + given + ": a number of milliseconds above 0 is expected");
    thresholds.block = std::uint64_t(milliseconds * 1e6);
  }
  if (arguments.files.size() < 2 && arguments.tsan_logs.empty() && arguments.rtsan_logs.empty())
    return usage_error(arguments.files.front() + ": no evidence is given with it; name traces and logs of runs behind the "
                                                 "report (`tenterhook record -- PROGRAM` makes one)");
  auto text = load_file(arguments.files.front(), "a report is written by `tenterhook check -o sarif=FILE`");
  if (!text)
    return text.takeError();
  auto report = validate::read_report(arguments.files.front(), (*text)->getBuffer(), source, engine::all_rules());
  if (!report)
    return report.takeError();
  std::optional<PendingFile> file;
  if (!arguments.validate_output.empty()) {
    auto path = output_path(arguments.validate_output);
    if (!path)
      return path.takeError();
    auto pending = PendingFile::open(*path);
    if (!pending)
      return pending.takeError();
    file.emplace(std::move(*pending));
  }

  EvidenceReader reader;
  std::vector<Evidence> evidence = reader.read_all(arguments);
  if (evidence.empty())
    return 2; // each file was told; a list of findings that nobody judged helps nobody
  validate::Judgements judgements = validate::judge_all(*report, evidence, thresholds);
  validate::print_summary(*report, evidence, judgements, terminal_style(arguments.color), out);
  if (file) {
    std::string bytes =
        validate::annotated(*report, evidence, judgements, source).dump(2, ' ', false, validate::Json::error_handler_t::replace) +
        "\n";
    if (llvm::Error error = file->write(bytes))
      return error;
  }
  if (reader.unusable())
    return 2;
  bool fails = failing->unpredicted && !judgements.unpredicted.empty();
  for (Judgement judgement : failing->judgements)
    fails |= judgements.totals[judgement] > 0;
  return fails ? 1 : 0;
}

} // namespace tenterhook::driver
