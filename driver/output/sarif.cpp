// SARIF 2.1.0: one run.
//
// Profiles: `standard` for viewers and baselines; `github` keeps to what code scanning takes (no suppressed results,
// which it would show as open; no more results and steps than it accepts); `strict` has one threadFlow a lane.
#include "output/names.h"
#include "output/sarif_parts.h"
#include <algorithm>

namespace tenterhook::driver {

namespace {

using sarif::Json;

// Validators want a URI that informs. The tool has no site, so this one carries its text with it.
constexpr const char *information_uri = "data:text/plain,Tenterhook%20explains%20each%20check%3A%20tenterhook%20explain%20CHECK";

Json driver_component(const Report &report) {
  Json rules = Json::array();
  for (const rules::RuleInfo *info : report.rules)
    rules.push_back(sarif::rule(*info));
  return {{"name", "Tenterhook"},
          {"fullName", "Tenterhook " + report.version},
          {"semanticVersion", report.version},
          {"informationUri", information_uri},
          {"shortDescription", {{"text", "Finds concurrency misuse in C++ coroutines and threads."}}},
          {"fullDescription",
           {{"text", "Finds blocking calls in coroutines, locks held while a coroutine is suspended, discarded "
                     "awaitables and unguarded shared state in C++."}}},
          {"language", "en-US"},
          {"rules", std::move(rules)},
          {"notifications", sarif::notification_descriptors()}};
}

std::optional<std::size_t> rule_index(const Report &report, llvm::StringRef rule) {
  for (std::size_t i = 0; i < report.rules.size(); ++i)
    if (rule == report.rules[i]->name)
      return i;
  return std::nullopt;
}

// The findings that the profile has room for: of too many, the surest, in the report's order.
std::vector<const findings::Finding *> chosen(const Report &report, SarifProfile profile) {
  std::vector<const findings::Finding *> findings;
  for (const findings::Finding &finding : report.findings)
    findings.push_back(&finding);
  if (profile != SarifProfile::github || findings.size() <= sarif::most_github_results)
    return findings;
  // All point into one sorted vector, so the order of the pointers is that of the report.
  std::sort(findings.begin(), findings.end(),
            [](const auto *a, const auto *b) { return a->confidence != b->confidence ? a->confidence > b->confidence : a < b; });
  findings.resize(sarif::most_github_results);
  std::sort(findings.begin(), findings.end());
  return findings;
}

Json results(const Report &report, const std::vector<const findings::Finding *> &findings, SarifProfile profile,
             sarif::Files &files) {
  Json results = Json::array();
  for (const findings::Finding *finding : findings)
    results.push_back(sarif::result(*finding, {profile, false, rule_index(report, finding->rule)}, files));
  if (profile != SarifProfile::github)
    for (const findings::Finding &finding : report.suppressed)
      results.push_back(sarif::result(finding, {profile, true, rule_index(report, finding.rule)}, files));
  return results;
}

Json invocation(const Report &report, std::size_t left_out, sarif::Files &files) {
  Json notifications = Json::array();
  bool failed = report.units_analysed < report.units;
  for (const Trouble &trouble : report.troubles) {
    failed |= is_failure(trouble.kind) || trouble.kind == Trouble::capped;
    notifications.push_back(sarif::notification(trouble, files));
  }
  if (left_out > 0)
    notifications.push_back(sarif::notification(
        {Trouble::capped, "",
         count_of(left_out, "finding") + " left out; GitHub takes no more than " + std::to_string(sarif::most_github_results)},
        files));
  Json invocation{{"executionSuccessful", !failed}};
  if (!report.arguments.empty())
    invocation["arguments"] = report.arguments;
  invocation["toolExecutionNotifications"] = std::move(notifications);
  return invocation;
}

} // namespace

void write_sarif(const Report &report, const SourceReader &reader, SarifProfile profile, llvm::raw_ostream &out) {
  sarif::Files files(report, reader);
  const std::vector<const findings::Finding *> findings = chosen(report, profile);
  Json run;
  run["tool"] = {{"driver", driver_component(report)}};
  run["automationDetails"] = {{"id", "tenterhook/"}}; // the part before the slash is GitHub's category
  run["originalUriBaseIds"] = {
      {"%SRCROOT%",
       {{"uri", file_uri(llvm::StringRef(report.root).rtrim('/').str() + "/")},
        {"description", {{"text", "The root of the source tree; files below it are relative to it."}}}}}};
  run["columnKind"] = "utf16CodeUnits";
  run["defaultEncoding"] = "utf-8";
  run["defaultSourceLanguage"] = "cplusplus";
  run["results"] = results(report, findings, profile, files);
  run["invocations"] = Json::array({invocation(report, report.findings.size() - findings.size(), files)});
  run["artifacts"] = files.artifacts(); // last: the parts above name the files
  run["properties"] = {{"tenterhook/units", report.units},
                       {"tenterhook/unitsAnalysed", report.units_analysed},
                       {"tenterhook/functions", report.functions},
                       {"tenterhook/belowThreshold", report.below_threshold}};
  const Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", Json::array({std::move(run)})}};
  out << log.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

} // namespace tenterhook::driver
