// Reports read back and written with verdicts: every profile of SARIF and the JSON give the same findings; what a
// validation adds is found, replaced by the next, and nothing else changes.
#include "validate/validate.h"
#include <gtest/gtest.h>

using namespace tenterhook;
using namespace tenterhook::findings;
using namespace tenterhook::validate;

namespace {

std::optional<std::string> source(llvm::StringRef path) {
  if (path != "/src/app/a.cpp" && path != "/elsewhere/b c.h")
    return std::nullopt;
  std::string text;
  for (int line = 1; line <= 40; ++line)
    text += "  line number " + std::to_string(line) + ";\n";
  return text;
}

driver::Report sample() {
  driver::Report report;
  report.version = "0.1.0";
  report.root = "/src";
  Finding finding;
  finding.rule = "lock-across-await";
  finding.place = {"/src/app/a.cpp", 15, 3, 15, 9};
  finding.what = "'session' keeps 'm' locked.";
  finding.confidence = Confidence::certain;
  finding.function = "session";
  finding.identity = "m";
  finding.witness = {{"coroutine session",
                      1,
                      {"/elsewhere/b c.h", 11, 3, 11, 9},
                      "locks 'm'",
                      StepKind::acquire,
                      {"session", 10, 30},
                      "m",
                      "std::mutex"},
                     {"thread 2", 2, {"/src/app/a.cpp", 12, 3, 12, 9}, "something else"},
                     {"coroutine session", 1, finding.place, "suspends", StepKind::suspend, {"session", 10, 30}}};
  finding.related = {{{"/src/app/a.cpp", 20, 3, 20, 9}, "also suspends here", StepKind::suspend, {"session", 10, 30}}};
  report.findings = {finding};
  finding.place.line = finding.place.end_line = 16;
  report.suppressed = {finding};
  return report;
}

LoadedReport load(const std::string &text) {
  auto report = read_report("r.sarif", text, source, {});
  if (!report)
    throw std::runtime_error(llvm::toString(report.takeError()));
  return std::move(*report);
}
std::string failure(const std::string &text) {
  auto report = read_report("r.sarif", text, source, {});
  return report ? "" : llvm::toString(report.takeError());
}
std::string sarif(driver::SarifProfile profile = driver::SarifProfile::standard) {
  std::string text;
  llvm::raw_string_ostream out(text);
  driver::write_sarif(sample(), source, profile, out);
  return text;
}

Evidence held() {
  Evidence evidence;
  evidence.file = "run.trace";
  Observation seen;
  seen.kind = Observed::held_at_wait;
  seen.thread = "main";
  seen.time = 5'000'000;
  seen.other = {{"session(int) (.resume)", "/elsewhere/b c.h", 11, 3, false, "a.out", Trust::exact}};
  seen.stack = {{"main", "/src/app/a.cpp", 38, 3, false, "a.out", Trust::exact}};
  evidence.seen = {seen};
  seen.kind = Observed::race;
  seen.what = "write";
  seen.stack = {{"count()", "/src/app/a.cpp", 35, 3, false, "a.out", Trust::exact}};
  evidence.seen.push_back(seen);
  return evidence;
}

Json validated(const std::string &text, const std::vector<Evidence> &evidence) {
  LoadedReport report = load(text);
  return annotated(report, evidence, judge_all(report, evidence, {}), source);
}

} // namespace

TEST(Report, EveryFormGivesTheSameFindings) {
  std::string json;
  llvm::raw_string_ostream out(json);
  driver::write_json(sample(), out);
  for (const std::string &text : {sarif(), sarif(driver::SarifProfile::github), sarif(driver::SarifProfile::strict), json}) {
    LoadedReport report = load(text);
    EXPECT_EQ(report.root, "/src/");
    EXPECT_TRUE(report.has_kinds);
    ASSERT_FALSE(report.subjects.empty());
    const Finding &finding = report.subjects[0].finding;
    const Finding expected = sample().findings[0];
    EXPECT_EQ(finding.rule, expected.rule);
    EXPECT_EQ(finding.place.file, expected.place.file);
    EXPECT_EQ(finding.place.line, 15u);
    EXPECT_EQ(finding.function, "session");
    EXPECT_EQ(finding.identity, "m");
    EXPECT_EQ(finding.confidence, Confidence::certain);
    ASSERT_EQ(finding.witness.size(), 3u);
    for (int i : {0, 1, 2}) {
      EXPECT_EQ(finding.witness[i].place.file, expected.witness[i].place.file);
      EXPECT_EQ(finding.witness[i].place.line, expected.witness[i].place.line);
      EXPECT_EQ(finding.witness[i].kind, expected.witness[i].kind);
      EXPECT_EQ(finding.witness[i].within, expected.witness[i].within);
      EXPECT_EQ(finding.witness[i].subject, expected.witness[i].subject);
      EXPECT_EQ(finding.witness[i].type, expected.witness[i].type);
    }
    ASSERT_EQ(finding.related.size(), 1u);
    EXPECT_EQ(finding.related[0].kind, StepKind::suspend);
  }
  EXPECT_EQ(load(sarif()).subjects.size(), 2u);
  EXPECT_TRUE(load(sarif()).subjects[1].suppressed);
}

TEST(Report, WhatIsNoReportOfOurs) {
  EXPECT_EQ(failure(""), "r.sarif: is empty; a report is written by `tenterhook check -o sarif=FILE`");
  EXPECT_NE(failure("{\"runs\": [").find("r.sarif: damaged JSON at byte 11: "), std::string::npos);
  EXPECT_NE(failure("{\"a\": 2}").find("neither SARIF"), std::string::npos);
  EXPECT_NE(failure("[1, 2]").find("no report"), std::string::npos);
  EXPECT_NE(failure("int main() {}").find("no report"), std::string::npos);
  EXPECT_NE(failure("TNTRHOOK").find("is a trace, not a report"), std::string::npos);
  EXPECT_NE(failure(R"({"runs": [{"tool": {"driver": {"name": "CodeQL"}}}]})").find("written by CodeQL"), std::string::npos);
  EXPECT_NE(failure(R"({"runs": []})").find("without a run"), std::string::npos);
  EXPECT_NE(failure(R"({"tool": {"name": "tenterhook"}, "schema": 7, "findings": []})").find("schema 7"), std::string::npos);
  std::string deep = "{\"runs\": " + std::string(5000, '[') + std::string(5000, ']') + "}";
  EXPECT_NE(failure(deep).find("levels of JSON"), std::string::npos);
}

TEST(Report, OddShapesAreToldOrDoNoHarm) {
  auto report = [](const std::string &results) {
    return R"({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Tenterhook"}}, "results": )" + results + "}]}";
  };
  EXPECT_NE(failure(report("5")).find("/runs/0/results is not an array"), std::string::npos);
  EXPECT_NE(failure(report("[1]")).find("/runs/0/results/0 is not an object"), std::string::npos);
  EXPECT_NE(failure(report(R"([{}, {"ruleId": 3}])")).find("/runs/0/results/1/ruleId is not a string"), std::string::npos);
  EXPECT_NE(failure(report(R"([{"codeFlows": [{"threadFlows": [{}]}]}])")).find("/threadFlows/0/locations is not an array"),
            std::string::npos);
  EXPECT_NE(failure(report(R"([{"properties": {"tenterhook/verdict": 3}}])")).find("tenterhook/verdict is not an object"),
            std::string::npos);
  EXPECT_NE(failure(report(R"([{"locations": [[]]}])")).find("locations/0 is not an object"), std::string::npos);
  EXPECT_NE(failure(report(R"([{"relatedLocations": 7}])")).find("relatedLocations is not an array"), std::string::npos);
  for (const char *results : {"[]", "[{}]", R"([{"ruleId": "tenterhook-lock-across-await", "codeFlows": []}])",
                              R"([{"ruleId": "tenterhook-lock-across-await", "locations": [], "message": {}}])",
                              R"([{"codeFlows": [{"threadFlows": []}]}, {"suppressions": 7}])"})
    EXPECT_NO_THROW(validated(report(results), {held()})) << results;
  EXPECT_NO_THROW(validated(R"({"runs": [7, {"tool": 3}, {"tool": {"driver": {"name": "Tenterhook"}}}]})", {held()}));
}

TEST(Annotate, TheRunStandsBehindTheStaticWitness) {
  Json document = validated(sarif(), {held()});
  Json &result = document["runs"][0]["results"][0];
  EXPECT_EQ(result["properties"]["tenterhook/verdict"]["verdict"], "confirmed");
  EXPECT_EQ(result["properties"]["tenterhook/verdict"]["evidence"], "run.trace");
  EXPECT_EQ(result["rank"], 99.0);
  Json &steps = result["codeFlows"][0]["threadFlows"][0]["locations"];
  ASSERT_EQ(steps.size(), 5u);
  EXPECT_EQ(steps[3]["location"]["message"]["text"], "[run: main] takes the lock");
  EXPECT_EQ(steps[4]["executionOrder"], 5);
  EXPECT_GT(steps[4]["nestingLevel"].get<int>(), 2);
  std::string text = result["message"]["text"];
  EXPECT_NE(text.find("Verdict of runs: confirmed; the thread went back to its loop once with the lock held."),
            std::string::npos);
}

TEST(Annotate, StrictHasAThreadFlowForTheRun) {
  Json document = validated(sarif(driver::SarifProfile::strict), {held()});
  Json &flows = document["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"];
  ASSERT_EQ(flows.size(), 3u);
  EXPECT_EQ(flows[2]["locations"].size(), 2u);
}

TEST(Annotate, TheUnpredictedIsInformational) {
  Json document = validated(sarif(), {held()});
  Json &results = document["runs"][0]["results"];
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[2]["ruleId"], "tenterhook-unpredicted-data-race");
  EXPECT_EQ(results[2]["kind"], "informational");
  EXPECT_EQ(results[2]["level"], "none");
  EXPECT_EQ(results[2]["locations"][0]["physicalLocation"]["region"]["startLine"], 35);
  std::size_t index = results[2]["ruleIndex"];
  EXPECT_EQ(document["runs"][0]["tool"]["driver"]["rules"][index]["id"], results[2]["ruleId"]);
}

TEST(Annotate, AgainReplacesWhatWasThere) {
  Json once = validated(sarif(), {held()});
  EXPECT_EQ(validated(once.dump(), {held()}), once);
  Json without = validated(once.dump(), {});
  EXPECT_EQ(without["runs"][0]["results"].size(), 2u);
  EXPECT_EQ(without["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"].size(), 3u);
  EXPECT_EQ(without["runs"][0]["results"][0]["properties"]["tenterhook/verdict"]["verdict"], "inconclusive");
}

TEST(Unpredicted, OnlyWhatNoFindingExplains) {
  LoadedReport report = load(sarif());
  std::vector<Evidence> evidence = {held()};
  Judgements judgements = judge_all(report, evidence, {});
  ASSERT_EQ(judgements.unpredicted.size(), 1u);
  report.subjects.clear();
  judgements = judge_all(report, evidence, {});
  ASSERT_EQ(judgements.unpredicted.size(), 1u); // held_at_wait needs a lock that a coroutine took
  evidence[0].seen[0].in_coroutine = true;
  judgements = judge_all(report, evidence, {});
  ASSERT_EQ(judgements.unpredicted.size(), 2u);
  EXPECT_EQ(judgements.unpredicted[0].kind, "held-lock");
  EXPECT_EQ(judgements.unpredicted[0].place.line, 11u);
}

TEST(Unpredicted, WithoutAPlaceItIsOnlyCounted) {
  LoadedReport report = load(sarif());
  Evidence evidence = held();
  for (Observation &seen : evidence.seen)
    for (Stack *stack : {&seen.stack, &seen.other})
      for (Frame &frame : *stack)
        frame.line = 0;
  std::vector<Evidence> all = {evidence};
  Judgements judgements = judge_all(report, all, {});
  EXPECT_TRUE(judgements.unpredicted.empty());
  EXPECT_EQ(judgements.unplaced, 1u);
}

TEST(Summary, ConfirmedFindingsStandFirstAndThoseThatNobodyReachedLast) {
  LoadedReport report;
  report.root = "/src/";
  Judgements judgements;
  std::uint32_t line = 0;
  for (Judgement judgement :
       {Judgement::not_exercised, Judgement::contradicted, Judgement::confirmed, Judgement::inconclusive, Judgement::confirmed}) {
    Subject subject;
    subject.finding.rule = "lock-across-await";
    subject.finding.place = {"/src/a.cpp", ++line, 1, line, 2};
    report.subjects.push_back(subject);
    Verdict verdict;
    verdict.judgement = judgement;
    judgements.verdicts.push_back(verdict);
    ++judgements.totals[judgement];
  }
  std::string text;
  llvm::raw_string_ostream out(text);
  print_summary(report, {}, judgements, driver::TextStyle(), out);
  std::vector<std::string> order;
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(text).split(lines, '\n');
  for (llvm::StringRef found : lines)
    if (std::size_t at = found.find(" a.cpp:"); at != llvm::StringRef::npos)
      order.push_back((found.take_front(at).rtrim() + " " + found.substr(at + 7, 1)).str());
  EXPECT_EQ(order,
            (std::vector<std::string>{"confirmed 3", "confirmed 5", "inconclusive 4", "contradicted 2", "not exercised 1"}));
  EXPECT_NE(text.find("5 findings: 2 confirmed, 1 contradicted, 1 not exercised, 1 inconclusive; 0 unpredicted\n"),
            std::string::npos);
}
