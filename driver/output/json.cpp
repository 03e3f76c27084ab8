// JSON for programs, documented in docs/output.md. Keys are only ever added within one schema number.
#include "findings/fingerprint.h"
#include "output/names.h"
#include "output/summary.h"
#include <nlohmann/json.hpp>

namespace tenterhook::driver {

namespace {

using Json = nlohmann::ordered_json;

constexpr int schema = 1;

class JsonWriter {
public:
  explicit JsonWriter(const Report &report) : report_(report) {}

  Json report() const {
    Json findings = Json::array(), suppressed = Json::array(), troubles = Json::array(), rules = Json::array();
    for (const rules::RuleInfo *rule : report_.rules)
      rules.push_back({{"name", rule->name},
                       {"category", rules::to_string(rule->category)},
                       {"summary", rule->summary},
                       {"cwe", rule->cwe ? Json(rule->cwe) : Json()},
                       {"since", rule->since}});
    for (const findings::Finding &finding : report_.findings)
      findings.push_back(to_json(finding));
    for (const findings::Finding &finding : report_.suppressed)
      suppressed.push_back(to_json(finding));
    for (const Trouble &trouble : report_.troubles)
      troubles.push_back(to_json(trouble));
    return {{"schema", schema},
            {"tool", {{"name", "tenterhook"}, {"version", report_.version}}},
            {"root", report_.root},
            {"arguments", report_.arguments},
            {"rules", std::move(rules)},
            {"findings", std::move(findings)},
            {"suppressed", std::move(suppressed)},
            {"troubles", std::move(troubles)},
            {"summary", summary()}};
  }

private:
  // The keys of a place, to be joined with others; all zero and an empty file if there is none.
  Json to_json(const findings::Place &place) const {
    return {{"file", shown_path(place.file, report_).str()},
            {"line", place.line},
            {"column", place.column},
            {"end_line", place.end_line},
            {"end_column", place.end_column}};
  }

  static void add_kind(Json &entry, findings::StepKind kind, const findings::Within &within, const std::string &subject) {
    entry["kind"] = findings::to_string(kind);
    entry["within"] = {{"function", within.function}, {"line", within.line}, {"end_line", within.end_line}};
    entry["subject"] = subject;
  }

  Json to_json(const findings::Finding &finding) const {
    Json witness = Json::array(), related = Json::array();
    for (const findings::Step &step : finding.witness) {
      Json entry{{"lane", step.lane}, {"lane_number", step.nesting}};
      entry.update(to_json(step.place));
      entry["message"] = step.message;
      add_kind(entry, step.kind, step.within, step.subject);
      entry["type"] = step.type;
      witness.push_back(std::move(entry));
    }
    for (const findings::Related &place : finding.related) {
      Json entry = to_json(place.place);
      entry["message"] = place.message;
      add_kind(entry, place.kind, place.within, place.subject);
      related.push_back(std::move(entry));
    }
    Json entry{{"rule", finding.rule}, {"confidence", findings::to_string(finding.confidence)}};
    entry.update(to_json(finding.place));
    entry["message"] = finding.what;
    entry["instead"] = finding.instead;
    entry["function"] = finding.function;
    entry["identity"] = finding.identity;
    entry["entries"] = finding.entries;
    entry["target"] = finding.target;
    entry["fingerprint"] = findings::fingerprint(finding);
    entry["witness"] = std::move(witness);
    entry["related"] = std::move(related);
    return entry;
  }

  Json to_json(const Trouble &trouble) const {
    return {{"kind", identifier(trouble.kind).str()},
            {"file", shown_path(trouble.file, report_).str()},
            {"line", trouble.line},
            {"column", trouble.column},
            {"message", trouble.message}};
  }

  Json summary() const {
    Json by_rule = Json::object();
    ConfidenceCounts sum{};
    for (const auto &[rule, counts] : counts_by_rule(report_)) {
      by_rule[rule] = counts[0] + counts[1] + counts[2];
      for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] += counts[i];
    }
    Json by_confidence = Json::object();
    for (const auto confidence : confidences)
      by_confidence[findings::to_string(confidence)] = sum[static_cast<std::size_t>(confidence)];
    return {{"findings", report_.findings.size()},
            {"by_confidence", std::move(by_confidence)},
            {"by_rule", std::move(by_rule)},
            {"suppressed", report_.suppressed.size()},
            {"below_threshold", report_.below_threshold},
            {"units", report_.units},
            {"units_analysed", report_.units_analysed},
            {"functions", report_.functions}};
  }

  const Report &report_;
};

} // namespace

void write_json(const Report &report, llvm::raw_ostream &out) {
  out << JsonWriter(report).report().dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

} // namespace tenterhook::driver
