// See relevance.h.
#include "validate/relevance.h"
#include "validate/judge.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Path.h"
#include <set>

namespace tenterhook::validate {

using namespace findings;

namespace {

class Files { // of a report, by their last component, since a program may have thousands
public:
  explicit Files(const LoadedReport &report) {
    for (const Subject &subject : report.subjects) {
      add(subject.finding.place);
      for (const Step &step : subject.finding.witness)
        add(step.place);
      for (const Related &related : subject.finding.related)
        add(related.place);
    }
  }
  bool empty() const { return files_.empty(); }
  bool has(llvm::StringRef source) const {
    auto found = files_.find(llvm::sys::path::filename(source));
    return found != files_.end() &&
           llvm::any_of(found->second, [&](const std::string &file) { return same_file(source, file) != FileMatch::none; });
  }

private:
  void add(const Place &place) {
    if (!place.file.empty())
      files_[llvm::sys::path::filename(place.file)].insert(place.file);
  }
  llvm::StringMap<std::set<std::string>> files_;
};

bool is_trace(const Evidence &evidence) {
  return evidence.source == SourceKind::recorder_trace || evidence.source == SourceKind::runtime_trace;
}

} // namespace

std::vector<const Evidence *> evidence_about(const LoadedReport &report, const std::vector<Evidence> &evidence,
                                             std::map<std::string, std::string> &set_aside) {
  const Files files(report);
  std::set<llvm::StringRef> programs; // that have a file of the report, by name
  std::vector<bool> has(evidence.size());
  for (const auto &[index, of] : llvm::enumerate(evidence))
    if ((has[index] = llvm::any_of(of.sources, [&](const std::string &source) { return files.has(source); })))
      programs.insert(llvm::sys::path::filename(of.program));

  std::vector<const Evidence *> kept;
  for (const auto &[index, of] : llvm::enumerate(evidence)) {
    llvm::StringRef name = llvm::sys::path::filename(of.program);
    bool another = !programs.empty() && !programs.count(name);
    if (!is_trace(of) || has[index] || files.empty() || (!of.knows_sources && !another)) {
      kept.push_back(&of);
      continue;
    }
    set_aside[of.file] = name.str();
  }
  return kept;
}

} // namespace tenterhook::validate
