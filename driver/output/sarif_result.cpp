// One finding as a SARIF result.
//
// The witness is there twice, for readers that know one or the other: as a code flow and as stacks. Viewers show only
// the first threadFlow of the first codeFlow, so the standard profile puts all steps in one, in the order of a run, and
// names the lane in each message and as nestingLevel; the strict profile writes what the standard means, a threadFlow
// for each thread, with executionOrder across them.
#include "findings/fingerprint.h"
#include "output/names.h"
#include "output/sarif_parts.h"
#include "llvm/Support/ErrorHandling.h"
#include <algorithm>

namespace tenterhook::driver::sarif {

namespace {

// 0 to 100, SARIF's rank: how sure the tool is, finer than the level.
double rank(findings::Confidence confidence) {
  switch (confidence) {
  case findings::Confidence::certain: return 95;
  case findings::Confidence::likely: return 70;
  case findings::Confidence::possible: return 30;
  }
  llvm_unreachable("not a confidence");
}

// What `tenterhook validate` joins with a run.
Json step_properties(findings::StepKind kind, const findings::Within &within, llvm::StringRef subject,
                     llvm::StringRef type = "") {
  Json properties = Json::object();
  if (kind != findings::StepKind::other)
    properties["tenterhook/kind"] = findings::to_string(kind);
  if (!within.function.empty())
    properties["tenterhook/within"] = {{"function", within.function}, {"startLine", within.line}, {"endLine", within.end_line}};
  if (!subject.empty())
    properties["tenterhook/subject"] = subject.str();
  if (!type.empty())
    properties["tenterhook/type"] = type.str();
  return properties;
}

Json flow_step(const findings::Finding &finding, std::size_t i, bool name_lane, Files &files) {
  const findings::Step &step = finding.witness[i];
  const bool essential = i + 1 == finding.witness.size() || step.place == finding.place;
  Json location = files.location(step.place, Files::traced_file, 1);
  location["message"] = message(name_lane && !step.lane.empty() ? "[" + step.lane + "] " + step.message : step.message);
  Json entry{{"location", std::move(location)},
             {"nestingLevel", std::max(step.nesting, 1u)}, // viewers indent from 1; 0 hides the lane
             {"executionOrder", i + 1},
             {"importance", essential ? "essential" : "important"}};
  if (Json properties = step_properties(step.kind, step.within, step.subject, step.type); !properties.empty())
    entry["properties"] = std::move(properties);
  return entry;
}

Json thread_flows(const findings::Finding &finding, SarifProfile profile, Files &files) {
  const std::size_t last =
      profile == SarifProfile::github ? std::min(finding.witness.size(), most_github_steps) : finding.witness.size();
  if (profile != SarifProfile::strict) {
    Json steps = Json::array();
    for (std::size_t i = 0; i < last; ++i)
      steps.push_back(flow_step(finding, i, true, files));
    return Json::array({{{"locations", std::move(steps)}}});
  }
  Json flows = Json::array();
  const std::vector<Lane> lanes = lanes_of(finding.witness);
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    Json steps = Json::array();
    for (std::size_t i = 0; i < last; ++i)
      if (lane_index(lanes, finding.witness[i]) == lane)
        steps.push_back(flow_step(finding, i, false, files));
    flows.push_back({{"id", std::to_string(lane + 1)}, {"message", message(lanes[lane].label)}, {"locations", std::move(steps)}});
  }
  return flows;
}

// One stack a lane, the latest step first.
Json stacks(const findings::Finding &finding, Files &files) {
  Json stacks = Json::array();
  const std::vector<Lane> lanes = lanes_of(finding.witness);
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    Json frames = Json::array();
    for (auto step = finding.witness.rbegin(); step != finding.witness.rend(); ++step) {
      if (lane_index(lanes, *step) != lane)
        continue;
      Json location = files.location(step->place, Files::traced_file, 1);
      location["message"] = message(step->message);
      frames.push_back({{"location", std::move(location)}, {"threadId", lane + 1}});
    }
    stacks.push_back({{"message", message(lanes[lane].label)}, {"frames", std::move(frames)}});
  }
  return stacks;
}

} // namespace

Json result(const findings::Finding &finding, const ResultOptions &options, Files &files) {
  Json result{{"ruleId", check_name(finding.rule)}};
  if (options.rule_index)
    result["ruleIndex"] = *options.rule_index;
  result["level"] = level(finding.confidence);
  result["message"] = message(finding.instead.empty() ? finding.what : finding.what + " " + finding.instead);

  Json location = files.location(finding.place, Files::result_file, 2);
  if (!finding.function.empty())
    location["logicalLocations"] = Json::array({{{"fullyQualifiedName", finding.function}, {"kind", "function"}}});
  result["locations"] = Json::array({std::move(location)});

  result["partialFingerprints"] = {{"tenterhook/v1", findings::fingerprint(finding)}};
  const SourceFile *file = files.source(finding.place.file);
  if (file && finding.place.line != 0 && finding.place.line <= file->line_count())
    result["partialFingerprints"]["primaryLocationLineHash"] =
        findings::primary_location_line_hash(file->text(), finding.place.line);

  if (!finding.witness.empty()) {
    result["codeFlows"] = Json::array({{{"threadFlows", thread_flows(finding, options.profile, files)}}});
    result["stacks"] = stacks(finding, files);
  }
  if (!finding.related.empty()) {
    Json related = Json::array();
    for (const findings::Related &place : finding.related) {
      Json entry{{"id", related.size() + 1}};
      entry.update(files.location(place.place, Files::result_file, 1));
      entry["message"] = message(place.message);
      if (Json properties = step_properties(place.kind, place.within, place.subject); !properties.empty())
        entry["properties"] = std::move(properties);
      related.push_back(std::move(entry));
    }
    result["relatedLocations"] = std::move(related);
  }
  // SARIF §3.27.23: in a run, either every result says whether it is suppressed, or none does.
  if (options.profile != SarifProfile::github)
    result["suppressions"] = options.suppressed ? Json::array({{{"kind", "inSource"}, {"status", "accepted"}}}) : Json::array();
  result["rank"] = rank(finding.confidence);
  Json properties{{"tenterhook/confidence", findings::to_string(finding.confidence)},
                  {"tenterhook/entries", finding.entries},
                  {"tenterhook/identity", finding.identity}};
  if (!finding.target.empty())
    properties["tenterhook/target"] = finding.target;
  result["properties"] = std::move(properties);
  return result;
}

} // namespace tenterhook::driver::sarif
