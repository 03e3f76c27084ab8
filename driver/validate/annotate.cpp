// The report's SARIF with what the runs showed.
//
// Viewers show codeFlows[0].threadFlows[0] only, so the run's steps stand there, behind the static ones, in lanes of
// their own ("[run: main] …"); the strict profile, which has a threadFlow for each lane, gets one more for the run.
// Each step of a run carries `tenterhook/run`, by which a later validation takes it out again. What no finding
// predicts is a result of kind "informational" and level "none" (SARIF §3.27.9, §3.27.10).
#include "findings/fingerprint.h"
#include "output/names.h"
#include "output/sarif_parts.h"
#include "validate/validate.h"
#include "llvm/ADT/STLExtras.h"
#include <cctype>
#include <map>
#include <set>

namespace tenterhook::validate {

using namespace findings;

namespace {

constexpr const char *verdict_key = "tenterhook/verdict", *run_key = "tenterhook/run";
constexpr llvm::StringLiteral unpredicted_prefix = "tenterhook-unpredicted-";

double rank(double before, Judgement judgement) {
  if (judgement == Judgement::confirmed)
    return std::max(before, 99.0);
  return judgement == Judgement::contradicted ? before / 4 : before;
}

double rank_of(Confidence confidence) { // as output/sarif_result.cpp gives it
  return confidence == Confidence::certain ? 95 : confidence == Confidence::likely ? 70 : 30;
}

std::string sentence(const Verdict &verdict) {
  std::string text = std::string(" Verdict of runs: ") + to_string(verdict.judgement) + "; " + verdict.reason + ".";
  return driver::sarif::message(text)["text"].get<std::string>();
}

// Runs of other tools are left as they are, whatever is in them.
bool is_ours(const Json &run) {
  static const Json::json_pointer name("/tool/driver/name");
  return run.is_object() && run.contains(name) && run[name] == "Tenterhook";
}

class Annotator {
public:
  Annotator(const LoadedReport &report, const driver::SourceReader &reader)
      : report_(report), document_(report.document), files_(base(report), reader) {
    for (const Subject &subject : report.subjects) {
      known_files_.insert(subject.finding.place.file);
      for (const Step &step : subject.finding.witness)
        known_files_.insert(step.place.file);
    }
  }

  Json run(const std::vector<Evidence> &evidence, const Judgements &judgements) {
    clean();
    for (std::size_t i = 0; i < report_.subjects.size(); ++i) {
      const Subject &subject = report_.subjects[i];
      annotate(document_["runs"][subject.run]["results"][subject.result], subject, judgements.verdicts[i]);
    }
    for (Json &run : document_["runs"])
      if (is_ours(run)) { // the first of ours takes what is of no finding
        add_unpredicted(run, judgements.unpredicted);
        add_summary(run, evidence, judgements);
        break;
      }
    return std::move(document_);
  }

private:
  static driver::Report &base(const LoadedReport &report) {
    static thread_local driver::Report shell; // what Files wants of a report: the root
    shell.root = llvm::StringRef(report.root).rtrim('/').str();
    return shell;
  }

  // Takes out what an earlier validation wrote.
  void clean() {
    for (Json &run : document_["runs"]) {
      if (!is_ours(run) || !run.contains("results"))
        continue;
      for (Json &result : run["results"]) {
        if (!result.is_object() || !result.contains("properties") || !result["properties"].contains(verdict_key))
          continue;
        Json &properties = result["properties"];
        if (const Json &said = properties[verdict_key];
            said.is_object() && said.contains("sentence") && said["sentence"].is_string()) {
          std::string text = result["message"].value("text", ""), suffix = said["sentence"].get<std::string>();
          if (llvm::StringRef(text).ends_with(suffix))
            result["message"]["text"] = text.substr(0, text.size() - suffix.size());
        }
        properties.erase(verdict_key);
        clean_flows(result);
      }
    }
  }

  static bool of_run(const Json &entry) {
    return entry.is_object() && entry.contains("properties") && entry["properties"].is_object() &&
           entry["properties"].contains(run_key);
  }

  static void erase_run(Json &array) {
    if (!array.is_array())
      return;
    Json kept = Json::array();
    for (Json &entry : array)
      if (!of_run(entry))
        kept.push_back(std::move(entry));
    array = std::move(kept);
  }

  static void clean_flows(Json &result) {
    if (!result.contains("codeFlows") || !result["codeFlows"].is_array() || result["codeFlows"].empty())
      return;
    Json &flows = result["codeFlows"][0]["threadFlows"];
    erase_run(flows);
    for (Json &flow : flows)
      if (flow.is_object() && flow.contains("locations"))
        erase_run(flow["locations"]);
    if (result.contains("stacks"))
      erase_run(result["stacks"]);
  }

  // The report's spelling of a file that the debug information spells otherwise.
  const std::string &spelled(const std::string &file) {
    auto [it, fresh] = spelled_.try_emplace(file, file);
    if (fresh && !known_files_.count(file))
      if (auto known =
              llvm::find_if(known_files_, [&](const std::string &each) { return same_file(file, each) != FileMatch::none; });
          known != known_files_.end())
        it->second = *known;
    return it->second;
  }

  Json location(const Place &raw, const std::string &message) {
    Place place = raw;
    place.file = spelled(raw.file);
    Json location = files_.location(place, driver::sarif::Files::traced_file, 1);
    if (location.contains("physicalLocation")) // numbered by `files_`, not by this run's artifacts
      location["physicalLocation"]["artifactLocation"].erase("index");
    if (!message.empty())
      location["message"] = driver::sarif::message(message);
    return location;
  }

  void annotate(Json &result, const Subject &subject, const Verdict &verdict) {
    Json counts = Json::object(), thresholds = Json::object();
    for (const auto &[name, count] : verdict.counts)
      counts[name] = count;
    for (const auto &[name, nanoseconds] : verdict.thresholds)
      thresholds[name + "Nanoseconds"] = nanoseconds;
    Json entry{{"verdict", to_string(verdict.judgement)}, {"reason", verdict.reason}};
    if (!verdict.evidence.empty()) {
      entry["evidence"] = verdict.evidence;
      entry["run"] = verdict.run;
    }
    entry["counts"] = std::move(counts);
    entry["thresholds"] = std::move(thresholds);
    entry["sentence"] = sentence(verdict);
    if (result.contains("message") && result["message"].is_object())
      result["message"]["text"] = result["message"].value("text", "") + sentence(verdict);
    result["properties"][verdict_key] = std::move(entry);
    result["rank"] = rank(rank_of(subject.finding.confidence), verdict.judgement);
    if (!verdict.witness.empty())
      add_steps(result, verdict);
  }

  void add_steps(Json &result, const Verdict &verdict) {
    if (!result.contains("codeFlows") || !result["codeFlows"].is_array() || result["codeFlows"].empty())
      return;
    Json &flows = result["codeFlows"][0]["threadFlows"];
    if (!flows.is_array() || flows.empty())
      return;
    bool strict = flows[0].contains("id");
    std::uint64_t order = 0, lanes = 0;
    for (const Json &flow : flows)
      for (const Json &step : flow["locations"]) {
        order = std::max<std::uint64_t>(order, step.value("executionOrder", 0));
        lanes = std::max<std::uint64_t>(lanes, step.value("nestingLevel", 0));
      }
    Json steps = Json::array(), frames = Json::array();
    for (std::size_t i = 0; i < verdict.witness.size(); ++i) {
      const Step &step = verdict.witness[i];
      steps.push_back({{"location", location(step.place, "[" + step.lane + "] " + step.message)},
                       {"nestingLevel", lanes + step.nesting},
                       {"executionOrder", ++order},
                       {"importance", i + 1 == verdict.witness.size() ? "essential" : "important"},
                       {"properties", {{run_key, verdict.evidence}}}});
    }
    for (auto step = verdict.witness.rbegin(); step != verdict.witness.rend(); ++step)
      if (step->lane == verdict.witness.back().lane)
        frames.push_back({{"location", location(step->place, step->message)}});
    Json stack{{"message", driver::sarif::message(verdict.witness.back().lane + ", " + verdict.evidence + " " + verdict.run)},
               {"frames", std::move(frames)},
               {"properties", {{run_key, verdict.evidence}}}};
    if (result.contains("stacks") && result["stacks"].is_array())
      result["stacks"].push_back(std::move(stack));
    else
      result["stacks"] = Json::array({std::move(stack)});
    if (strict)
      flows.push_back({{"id", "run"},
                       {"message", driver::sarif::message("the run, " + verdict.evidence)},
                       {"locations", std::move(steps)},
                       {"properties", {{run_key, verdict.evidence}}}});
    else
      for (Json &step : steps)
        flows[0]["locations"].push_back(std::move(step));
  }

  std::size_t rule_index(Json &rules, const UnpredictedKind &kind) {
    std::string id = (unpredicted_prefix + kind.kind).str();
    for (std::size_t i = 0; i < rules.size(); ++i)
      if (rules[i].value("id", "") == id)
        return i;
    rules.push_back(
        {{"id", id},
         {"name", kind.name},
         {"shortDescription", {{"text", kind.summary}}},
         {"fullDescription", {{"text", kind.summary}}},
         {"help", {{"text", kind.summary}, {"markdown", kind.summary}}},
         {"defaultConfiguration", {{"enabled", true}, {"level", "none"}}},
         {"properties",
          {{"tags", Json::array({"concurrency", "run"})}, {"precision", "high"}, {"problem.severity", "recommendation"}}}});
    return rules.size() - 1;
  }

  Json steps_of(const Stack &stack, const std::string &lane, std::uint64_t nesting, const std::string &last) {
    Json steps = Json::array();
    for (std::size_t i = stack.size(); i-- > 0;) {
      const Frame &frame = stack[i];
      if (is_system(frame))
        continue;
      std::uint32_t column = std::max(frame.column, 1u);
      steps.push_back({{"location", location({frame.file, frame.line, column, frame.line, column},
                                             "[" + lane + "] in '" + frame.function + "'")},
                       {"nestingLevel", nesting},
                       {"importance", "important"}});
    }
    if (!steps.empty()) {
      steps.back()["location"]["message"] = driver::sarif::message("[" + lane + "] " + last);
      steps.back()["importance"] = "essential";
    }
    return steps;
  }

  void add_unpredicted(Json &run, const std::vector<Unpredicted> &entries) {
    Json kept = Json::array();
    if (!run.contains("results"))
      run["results"] = Json::array();
    for (Json &result : run["results"])
      if (!llvm::StringRef(result.value("ruleId", "")).starts_with(unpredicted_prefix))
        kept.push_back(std::move(result));
    bool says_suppressed = llvm::any_of(kept, [](const Json &result) { return result.contains("suppressions"); });
    Json &rules = run["tool"]["driver"]["rules"];
    if (rules.is_null())
      rules = Json::array();
    for (const Unpredicted &entry : entries) {
      const UnpredictedKind *kind =
          llvm::find_if(unpredicted_kinds(), [&](const UnpredictedKind &k) { return entry.kind == k.kind; });
      Finding like; // for its fingerprint
      like.rule = std::string("unpredicted-") + kind->kind;
      like.function = entry.function;
      like.identity = entry.place.file.empty() ? entry.what : "";
      std::string capital = entry.what + ".";
      capital.front() = char(std::toupper(static_cast<unsigned char>(capital.front())));
      Json result{{"ruleId", (unpredicted_prefix + kind->kind).str()},
                  {"ruleIndex", rule_index(rules, *kind)},
                  {"kind", "informational"},
                  {"level", "none"},
                  {"message", driver::sarif::message(capital)}};
      Json where = location(entry.place, "");
      if (!entry.function.empty())
        where["logicalLocations"] = Json::array({{{"fullyQualifiedName", entry.function}, {"kind", "function"}}});
      result["locations"] = Json::array({std::move(where)});
      result["partialFingerprints"] = {{"tenterhook/v1", fingerprint(like)}};
      Json steps = Json::array();
      for (const auto &[index, side] : llvm::enumerate(entry.others))
        for (Json &step :
             steps_of(side.stack, "run: " + (side.thread.empty() ? "the other side" : side.thread), 2 + index, "the other side"))
          steps.push_back(std::move(step));
      Json own = steps_of(entry.stack, "run: " + (entry.thread.empty() ? "a thread" : entry.thread), 1, entry.what);
      for (Json &step : own)
        steps.push_back(std::move(step));
      for (std::size_t i = 0; i < steps.size(); ++i)
        steps[i]["executionOrder"] = i + 1;
      if (!steps.empty())
        result["codeFlows"] = Json::array({{{"threadFlows", Json::array({{{"locations", std::move(steps)}}})}}});
      if (says_suppressed)
        result["suppressions"] = Json::array();
      result["properties"] = {{"tenterhook/evidence", entry.evidence}, {"tenterhook/count", entry.count}};
      kept.push_back(std::move(result));
    }
    run["results"] = std::move(kept);
  }

  static void add_summary(Json &run, const std::vector<Evidence> &evidence, const Judgements &judgements) {
    Json files = Json::array(), totals = Json::object();
    for (const Evidence &file : evidence) {
      Json entry{{"file", file.file}, {"kind", to_string(file.source)}};
      if (file.block_threshold)
        entry["blockThresholdNanoseconds"] = file.block_threshold;
      if (file.stall_threshold)
        entry["stallThresholdNanoseconds"] = file.stall_threshold;
      if (file.reports)
        entry["reports"] = file.reports;
      entry["limits"] = file.limits;
      files.push_back(std::move(entry));
    }
    for (const auto &[judgement, count] : judgements.totals)
      totals[to_string(judgement)] = count;
    totals["unpredicted"] = judgements.unpredicted.size();
    run["properties"]["tenterhook/validation"] = {
        {"evidence", std::move(files)}, {"setAside", judgements.set_aside}, {"totals", std::move(totals)}};
  }

  const LoadedReport &report_;
  Json document_;
  driver::sarif::Files files_;
  std::set<std::string> known_files_;
  std::map<std::string, std::string> spelled_;
};

} // namespace

Json annotated(const LoadedReport &report, const std::vector<Evidence> &evidence, const Judgements &judgements,
               const driver::SourceReader &reader) {
  return Annotator(report, reader).run(evidence, judgements);
}

} // namespace tenterhook::validate
