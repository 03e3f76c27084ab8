// The parts of a SARIF 2.1.0 run, as nlohmann values. sarif.cpp puts them together.
#ifndef TENTERHOOK_DRIVER_OUTPUT_SARIF_PARTS_H
#define TENTERHOOK_DRIVER_OUTPUT_SARIF_PARTS_H

#include "output/report.h"
#include "output/sources.h"
#include <map>
#include <nlohmann/json.hpp>

namespace tenterhook::driver::sarif {

using Json = nlohmann::ordered_json;

// {"text": …}. Square brackets that a viewer would take for an embedded link are pulled apart.
Json message(llvm::StringRef text);

// "warning" for certain and likely, "note" for possible.
const char *level(findings::Confidence confidence);

// reportingDescriptor of a check, and those of the notifications that troubles become.
Json rule(const rules::RuleInfo &info);
Json notification_descriptors();

// Files by URI, numbered in order of first mention, and places in them: columns in UTF-16 code units, the whole lines
// around a region as contextRegion.
class Files {
public:
  Files(const Report &report, const SourceReader &reader) : report_(report), sources_(reader) {}

  // What a file is to the run, as SARIF names it.
  enum Role : unsigned { result_file = 1, traced_file = 2, analysis_target = 4 };

  Json artifact_location(llvm::StringRef path, Role role);
  // `context`: how many lines before and after are quoted.
  Json physical_location(const findings::Place &place, Role role, unsigned context);
  // A `location`; without a physicalLocation if there is no file.
  Json location(const findings::Place &place, Role role, unsigned context);
  const SourceFile *source(llvm::StringRef path) { return sources_.get(path); }
  // All files that were mentioned so far.
  Json artifacts();

private:
  const Report &report_;
  Sources sources_;
  std::map<std::string, std::size_t> index_;
  std::vector<std::pair<std::string, unsigned>> files_; // path, roles
};

Json notification(const Trouble &trouble, Files &files);

// A result. `rule_index` as in tool.driver.rules.
struct ResultOptions {
  SarifProfile profile = SarifProfile::standard;
  bool suppressed = false;
  std::optional<std::size_t> rule_index;
};
Json result(const findings::Finding &finding, const ResultOptions &options, Files &files);

// GitHub refuses files with more.
inline constexpr std::size_t most_github_results = 25'000, most_github_steps = 10'000;

} // namespace tenterhook::driver::sarif

#endif
