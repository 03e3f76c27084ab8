// Reading reports back. See report.h.
#include "validate/report.h"
#include "output/terminal.h"
#include "rules/rule_info.h"
#include "validate/file_error.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace tenterhook::validate {

using namespace findings;

namespace {

constexpr int deepest = 100; // levels of JSON; ours has 12

const Json &member(const Json &value, const char *key) {
  static const Json nothing;
  if (!value.is_object())
    return nothing;
  auto it = value.find(key);
  return it == value.end() ? nothing : *it;
}
const Json &path(const Json &value) { return value; }
template <typename... Keys> const Json &path(const Json &value, const char *key, Keys... more) {
  return path(member(value, key), more...);
}
const Json &element(const Json &value, std::size_t index) {
  static const Json nothing;
  return value.is_array() && index < value.size() ? value[index] : nothing;
}
std::string text_of(const Json &value) { return value.is_string() ? value.get<std::string>() : std::string(); }
std::uint32_t number_of(const Json &value) {
  if (!value.is_number_unsigned())
    return 0;
  auto number = value.get<std::uint64_t>();
  return number <= 0xffffffffu ? std::uint32_t(number) : 0;
}

StepKind kind_of(llvm::StringRef name) {
  for (StepKind kind : {StepKind::enter, StepKind::call, StepKind::block, StepKind::acquire, StepKind::suspend, StepKind::create,
                        StepKind::drop, StepKind::access})
    if (name == to_string(kind))
      return kind;
  return StepKind::other;
}

Confidence confidence_of(llvm::StringRef name) {
  for (Confidence confidence : {Confidence::possible, Confidence::certain})
    if (name == to_string(confidence))
      return confidence;
  return Confidence::likely;
}

std::string decoded(llvm::StringRef uri) {
  std::string text;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    unsigned value = 0;
    if (uri[i] == '%' && i + 2 < uri.size() && !uri.substr(i + 1, 2).getAsInteger(16, value)) {
      text += char(value);
      i += 2;
    } else {
      text += uri[i];
    }
  }
  return text;
}

// The path of a "file:" URI, or the URI itself.
std::string file_path(llvm::StringRef uri) {
  if (uri.consume_front("file://"))
    uri = uri.drop_front(std::min(uri.find('/'), uri.size())); // without a host
  return decoded(uri);
}

class SarifRun {
public:
  SarifRun(const Json &run, std::size_t index) : run_(run), index_(index) {
    root_ = file_path(text_of(path(run, "originalUriBaseIds", "%SRCROOT%", "uri")));
  }

  const std::string &root() const { return root_; }

  void read(std::vector<Subject> &out) const {
    const Json &results = member(run_, "results");
    for (std::size_t i = 0; results.is_array() && i < results.size(); ++i)
      if (!llvm::StringRef(text_of(member(results[i], "ruleId"))).starts_with("tenterhook-unpredicted-")) // of an earlier run
        out.push_back({finding(results[i]), index_, i, suppressed(results[i])});
  }

private:
  static bool suppressed(const Json &result) {
    const Json &list = member(result, "suppressions");
    return list.is_array() && !list.empty();
  }

  Place place(const Json &location) const {
    const Json &physical = member(location, "physicalLocation");
    std::string uri = text_of(path(physical, "artifactLocation", "uri"));
    const Json &region = member(physical, "region");
    Place place;
    if (text_of(path(physical, "artifactLocation", "uriBaseId")) == "%SRCROOT%")
      place.file = root_ + decoded(uri);
    else
      place.file = file_path(uri);
    place.line = number_of(member(region, "startLine"));
    place.column = number_of(member(region, "startColumn"));
    place.end_line = std::max(place.line, number_of(member(region, "endLine")));
    place.end_column = number_of(member(region, "endColumn"));
    return place;
  }

  static void add_kind(const Json &properties, StepKind &kind, Within &within, std::string &subject) {
    kind = kind_of(text_of(member(properties, "tenterhook/kind")));
    const Json &in = member(properties, "tenterhook/within");
    within = {text_of(member(in, "function")), number_of(member(in, "startLine")), number_of(member(in, "endLine"))};
    subject = text_of(member(properties, "tenterhook/subject"));
  }

  Finding finding(const Json &result) const {
    Finding finding;
    llvm::StringRef rule = finding.rule = text_of(member(result, "ruleId"));
    if (rule.consume_front("tenterhook-"))
      finding.rule = rule.str();
    const Json &location = element(member(result, "locations"), 0);
    finding.place = place(location);
    finding.what = text_of(path(result, "message", "text"));
    finding.function = text_of(member(element(member(location, "logicalLocations"), 0), "fullyQualifiedName"));
    const Json &properties = member(result, "properties");
    finding.confidence = confidence_of(text_of(member(properties, "tenterhook/confidence")));
    finding.identity = text_of(member(properties, "tenterhook/identity"));
    finding.target = text_of(member(properties, "tenterhook/target"));
    finding.entries = std::max(1u, number_of(member(properties, "tenterhook/entries")));
    std::map<std::uint32_t, Step> steps; // the strict profile spreads them over threadFlows
    const Json &flows = member(element(member(result, "codeFlows"), 0), "threadFlows");
    for (std::size_t f = 0; flows.is_array() && f < flows.size(); ++f)
      for (const Json &entry : member(flows[f], "locations").is_array() ? member(flows[f], "locations") : Json::array()) {
        if (!member(member(entry, "properties"), "tenterhook/run").is_null())
          continue; // an earlier validation's
        Step step;
        step.place = place(member(entry, "location"));
        step.message = text_of(path(entry, "location", "message", "text"));
        llvm::StringRef lane = step.message;
        if (lane.consume_front("[") && lane.contains("] "))
          step.lane = lane.split("] ").first.str();
        step.nesting = number_of(member(entry, "nestingLevel"));
        add_kind(member(entry, "properties"), step.kind, step.within, step.subject);
        step.type = text_of(member(member(entry, "properties"), "tenterhook/type"));
        std::uint32_t order = number_of(member(entry, "executionOrder"));
        steps.emplace(order ? order : std::uint32_t(steps.size() + 1), std::move(step));
      }
    for (auto &[order, step] : steps)
      finding.witness.push_back(std::move(step));
    const Json &related = member(result, "relatedLocations");
    for (std::size_t i = 0; related.is_array() && i < related.size(); ++i) {
      Related entry{place(related[i]), text_of(path(related[i], "message", "text"))};
      add_kind(member(related[i], "properties"), entry.kind, entry.within, entry.subject);
      finding.related.push_back(std::move(entry));
    }
    return finding;
  }

  const Json &run_;
  std::size_t index_;
  std::string root_;
};

// A JSON report becomes the report that was, to be written as SARIF.
class JsonReport {
public:
  explicit JsonReport(const Json &json) : json_(json) { report_.root = text_of(member(json, "root")); }

  driver::Report read() {
    report_.version = text_of(path(json_, "tool", "version"));
    for (const char *list : {"findings", "suppressed"}) {
      const Json &entries = member(json_, list);
      auto &out = llvm::StringRef(list) == "findings" ? report_.findings : report_.suppressed;
      for (std::size_t i = 0; entries.is_array() && i < entries.size(); ++i)
        out.push_back(finding(entries[i]));
    }
    const Json &arguments = member(json_, "arguments");
    for (std::size_t i = 0; arguments.is_array() && i < arguments.size(); ++i)
      report_.arguments.push_back(text_of(arguments[i]));
    const Json &summary = member(json_, "summary");
    report_.units = number_of(member(summary, "units"));
    report_.units_analysed = number_of(member(summary, "units_analysed"));
    report_.functions = number_of(member(summary, "functions"));
    report_.below_threshold = number_of(member(summary, "below_threshold"));
    return std::move(report_);
  }

private:
  Place place(const Json &entry) const {
    Place place{text_of(member(entry, "file")), number_of(member(entry, "line")), number_of(member(entry, "column")),
                number_of(member(entry, "end_line")), number_of(member(entry, "end_column"))};
    if (!place.file.empty() && llvm::sys::path::is_relative(place.file))
      place.file = report_.root + "/" + place.file;
    return place;
  }

  template <typename T> void add_kind(const Json &entry, T &to) const {
    to.kind = kind_of(text_of(member(entry, "kind")));
    const Json &within = member(entry, "within");
    to.within = {text_of(member(within, "function")), number_of(member(within, "line")), number_of(member(within, "end_line"))};
    to.subject = text_of(member(entry, "subject"));
  }

  Finding finding(const Json &entry) const {
    Finding finding;
    finding.rule = text_of(member(entry, "rule"));
    finding.place = place(entry);
    finding.what = text_of(member(entry, "message"));
    finding.instead = text_of(member(entry, "instead"));
    finding.confidence = confidence_of(text_of(member(entry, "confidence")));
    finding.function = text_of(member(entry, "function"));
    finding.identity = text_of(member(entry, "identity"));
    finding.target = text_of(member(entry, "target"));
    finding.entries = std::max(1u, number_of(member(entry, "entries")));
    const Json &witness = member(entry, "witness"), &related = member(entry, "related");
    for (std::size_t i = 0; witness.is_array() && i < witness.size(); ++i) {
      Step step{text_of(member(witness[i], "lane")), number_of(member(witness[i], "lane_number")), place(witness[i]),
                text_of(member(witness[i], "message"))};
      add_kind(witness[i], step);
      step.type = text_of(member(witness[i], "type"));
      finding.witness.push_back(std::move(step));
    }
    for (std::size_t i = 0; related.is_array() && i < related.size(); ++i) {
      Related further{place(related[i]), text_of(member(related[i], "message"))};
      add_kind(related[i], further);
      finding.related.push_back(std::move(further));
    }
    return finding;
  }

  const Json &json_;
  driver::Report report_;
};

llvm::Expected<Json> parse(llvm::StringRef file, llvm::StringRef text) {
  bool too_deep = false;
  auto depth = [&](int level, Json::parse_event_t, Json &) {
    too_deep |= level > deepest;
    return level <= deepest;
  };
  try {
    Json json = Json::parse(text.begin(), text.end(), depth);
    if (too_deep)
      return wrong(file, "more than " + llvm::Twine(deepest) + " levels of JSON; no report is that deep");
    return json;
  } catch (const Json::parse_error &error) {
    llvm::StringRef reason = error.what();
    std::size_t tail = reason.find("; "); // "[json.exception…] parse error at line 1, column 2: syntax error …; last read: …"
    reason = reason.take_front(tail);
    if (std::size_t at = reason.find(": "); at != llvm::StringRef::npos)
      reason = reason.drop_front(at + 2);
    return wrong(file, "damaged JSON at byte " + llvm::Twine(error.byte) + ": " + driver::printable(reason) +
                           "; write the report again with `tenterhook check -o sarif=FILE`");
  }
}

} // namespace

llvm::Expected<LoadedReport> read_report(llvm::StringRef file, llvm::StringRef text, const driver::SourceReader &reader,
                                         llvm::ArrayRef<const rules::RuleInfo *> rules) {
  if (text.trim().empty())
    return wrong(file, "is empty; a report is written by `tenterhook check -o sarif=FILE`");
  if (text.starts_with("TNTRHOOK"))
    return wrong(file, "is a trace, not a report; the report is the first argument, evidence stands behind it");
  if (!text.ltrim("\xef\xbb\xbf \t\r\n").starts_with("{"))
    return wrong(file, "is no JSON object, so no report; one is written by `tenterhook check -o sarif=FILE`");
  llvm::Expected<Json> json = parse(file, text);
  if (!json)
    return json.takeError();
  LoadedReport loaded;
  loaded.file = file.str();
  if (text_of(path(*json, "tool", "name")) == "tenterhook" && member(*json, "findings").is_array()) {
    if (number_of(member(*json, "schema")) != 1)
      return wrong(file, "a JSON report of schema " + llvm::Twine(number_of(member(*json, "schema"))) +
                             "; this version reads 1: write the report again with `tenterhook check -o sarif=FILE`");
    driver::Report report = JsonReport(*json).read();
    std::string sarif;
    llvm::raw_string_ostream out(sarif);
    for (const Json &rule : member(*json, "rules").is_array() ? member(*json, "rules") : Json::array())
      for (const rules::RuleInfo *info : rules)
        if (text_of(member(rule, "name")) == info->name)
          report.rules.push_back(info);
    driver::write_sarif(report, reader, driver::SarifProfile::standard, out);
    json = parse(file, sarif);
    if (!json)
      return json.takeError();
  }
  const Json &runs = member(*json, "runs");
  if (!runs.is_array())
    return wrong(file, "neither SARIF nor a JSON report of Tenterhook; write one with `tenterhook check -o sarif=FILE`");
  bool any = false;
  std::string other;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::string tool = text_of(path(runs[i], "tool", "driver", "name"));
    if (tool != "Tenterhook") {
      other = tool.empty() ? "an unnamed tool" : driver::printable(llvm::StringRef(tool).take_front(40));
      continue;
    }
    if (std::string trouble = misshapen(runs[i], i); !trouble.empty())
      return wrong(file, "no SARIF: " + llvm::Twine(trouble) + "; write the report again with `tenterhook check -o sarif=FILE`");
    SarifRun run(runs[i], i);
    if (!any)
      loaded.root = run.root();
    any = true;
    run.read(loaded.subjects);
  }
  if (!any)
    return wrong(file, other.empty()
                           ? llvm::Twine("SARIF without a run, so without findings; write the report again with `tenterhook "
                                         "check -o sarif=FILE`")
                           : "written by " + llvm::Twine(other) +
                                 "; only findings of Tenterhook can be judged (`tenterhook check -o sarif=FILE`)");
  loaded.has_kinds =
      loaded.subjects.empty() || llvm::any_of(loaded.subjects, [](const Subject &subject) {
        return llvm::any_of(subject.finding.witness, [](const Step &step) { return step.kind != StepKind::other; });
      });
  loaded.document = std::move(*json);
  return loaded;
}

} // namespace tenterhook::validate
