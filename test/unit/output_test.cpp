// The output writers: what a reader sees, what a program reads, and that nothing from the analysed code breaks either.
#include "output/names.h"
#include "output/snippet.h"
#include "sample.h"
#include "llvm/Support/MemoryBuffer.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace tenterhook;
using namespace tenterhook::driver;
using findings::Place;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

namespace {

std::string text(const Report &report, TextStyle style = {false, 80}) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  write_text(report, test::sample_sources(), style, stream);
  return out;
}

std::string concise(const Report &report) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  write_concise(report, stream);
  return out;
}

Json json(const Report &report) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  write_json(report, stream);
  return Json::parse(out);
}

std::string sarif_text(const Report &report, SarifProfile profile) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  write_sarif(report, test::sample_sources(), profile, stream);
  return out;
}

Json run(const Report &report, SarifProfile profile = SarifProfile::standard) {
  return Json::parse(sarif_text(report, profile))["runs"][0];
}

Json result_of(const Json &run, const std::string &identity) {
  for (const Json &result : run["results"])
    if (result["properties"]["tenterhook/identity"] == identity)
      return result;
  ADD_FAILURE() << "no result about " << identity;
  return {};
}

std::string snippet(const std::string &source, const Place &place, unsigned width = 0) {
  const SourceFile file(source);
  std::string out;
  llvm::raw_string_ostream stream(out);
  write_snippet(file, place, Paint(false), width, stream);
  return out;
}

// A report with one finding, whose file is `/r/a.cpp`.
Report one(findings::Finding finding) {
  Report report;
  report.root = "/r";
  if (finding.place.file.empty())
    finding.place = {"/r/a.cpp", 1, 1, 1, 2};
  if (finding.witness.empty())
    finding.witness = {{"thread", 1, finding.place, "does it"}};
  report.findings = {std::move(finding)};
  return report;
}

TEST(Snippet, UnderlinesTheRange) {
  EXPECT_EQ(snippet("one\n  two three\n", {"f", 2, 7, 2, 12}), "   2 |   two three\n     |       ^~~~~\n");
}

TEST(Snippet, ExpandsTabsToStops) {
  EXPECT_EQ(snippet("\ta\tb = c;\n", {"f", 1, 4, 1, 5}), "   1 |     a   b = c;\n     |         ^\n");
}

TEST(Snippet, CountsColumnsOfWideAndNarrowCharacters) {
  EXPECT_EQ(snippet("/* 缓存ü */ x;\n", {"f", 1, 16, 1, 17}), "   1 | /* 缓存ü */ x;\n     |             ^\n");
}

TEST(Snippet, SpellsOutWhatTerminalsWouldObey) {
  const std::string shown = snippet("a\033[31m\xff b\n", {"f", 1, 9, 1, 10});
  EXPECT_EQ(shown, "   1 | a<U+001B>[31m<FF> b\n     |                   ^\n");
}

TEST(Snippet, CutsLongLinesAroundTheRange) {
  const std::string line = std::string(200, 'a') + " target " + std::string(200, 'b');
  const std::string shown = snippet(line, {"f", 1, 202, 1, 208}, 60);
  EXPECT_EQ(shown, "   1 | ...aaaaaaaaaaaa target bbbbbbbbbbbbbbbbbbbbbbbbbb...\n"
                   "     |                 ^~~~~~\n");
}

TEST(Snippet, NeverPassesTheWidth) {
  const std::string line = "x" + std::string(50, ' ') + "\t缓存缓存缓存缓存缓存缓存缓存" + std::string(90, 'y');
  for (unsigned begin = 1; begin <= line.size(); ++begin)
    for (unsigned size : {1u, 10u, 200u}) {
      const CutLine cut = cut_line(line, begin - 1, begin - 1 + size, 40);
      EXPECT_LE(width_of(cut.text), 40u) << begin;
      EXPECT_LE(cut.mark_end, 40u) << begin;
    }
}

TEST(Snippet, ShowsFirstAndLastOfManyLines) {
  EXPECT_EQ(snippet("f(\n  a,\n  b,\n  c,\n  d);\n", {"f", 1, 1, 5, 5}), "   1 | f(\n     | ^~\n"
                                                                         "   2 |   a,\n     |   ~~\n"
                                                                         " ... |\n"
                                                                         "   5 |   d);\n     |   ~~\n");
}

TEST(Snippet, SaysNothingOfLinesThatAreNotThere) {
  EXPECT_EQ(snippet("one\n", {"f", 3, 1, 3, 2}), "");
  EXPECT_EQ(snippet("", {"f", 1, 1, 1, 2}), "");
}

TEST(Places, AreMadeWhole) {
  const SourceFile file("aü\r\nlast");
  EXPECT_EQ(normalised({"f", 1, 2}, &file), (Place{"f", 1, 2, 1, 4})) << "one character, of two bytes";
  EXPECT_EQ(normalised({"f", 1, 90, 1, 95}, &file), (Place{"f", 1, 4, 1, 4})) << "beyond the line";
  EXPECT_EQ(normalised({"f", 1, 1, 9, 9}, &file), (Place{"f", 1, 1, 2, 5})) << "beyond the file";
  EXPECT_EQ(normalised({"f", 2, 3, 1, 1}, &file), (Place{"f", 2, 3, 2, 4})) << "ends before it starts";
  EXPECT_EQ(normalised({"f", 7, 3, 7, 9}, nullptr), (Place{"f", 7, 3, 7, 9})) << "no file";
}

TEST(Names, BelowRootIsByWholeDirectories) {
  EXPECT_EQ(below_root("/a/b/c.cpp", "/a/b"), llvm::StringRef("c.cpp"));
  EXPECT_EQ(below_root("/a/b/c.cpp", "/a/b/"), llvm::StringRef("c.cpp"));
  EXPECT_EQ(below_root("/a/bc/c.cpp", "/a/b"), std::nullopt);
  EXPECT_EQ(below_root("/x.cpp", "/"), llvm::StringRef("x.cpp"));
}

TEST(Names, UrisArePercentEncoded) {
  EXPECT_EQ(uri_path("a b/ü%:?#.cpp"), "a%20b/%C3%BC%25%3A%3F%23.cpp");
  EXPECT_EQ(file_uri("/a b/"), "file:///a%20b/");
}

TEST(Text, ShowsThePlaceTheSentenceAndWhatToDo) {
  const std::string out = text(test::sample_report(), {false, 0});
  EXPECT_THAT(out, HasSubstr("src/session.cpp:7:31: warning: 'session' keeps 'g_mutex' locked while it is suspended "
                             "here; any thread that needs it stops until this coroutine resumes. "
                             "(certain) [tenterhook-lock-across-await]\n"
                             "   7 |     /* 🧵 \"naïve\" */ auto n = co_await read(socket, g_buffer);\n"
                             "     |                               ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
                             "    coroutine session\n"
                             "    1  src/session.cpp:6:18: locks 'g_mutex'\n"
                             "    |      std::lock_guard lock(g_mutex);\n"));
  EXPECT_THAT(out, HasSubstr("    instead: Unlock before the co_await, or use an async mutex.\n"));
}

TEST(Text, DrawsALaneAThread) {
  EXPECT_THAT(text(test::sample_report(), {false, 0}),
              HasSubstr("    thread 'writer'\n"
                        "    |  coroutine Cache::evict\n"
                        "    1  |  src/größe & co/缓存.cpp:3:22: locks 'index_mutex_'\n"
                        "    |  |      std::scoped_lock a(index_mutex_);\n"
                        "    |  2  src/größe & co/缓存.cpp:7:22: locks 'store_mutex_'\n"
                        "    |  |      std::scoped_lock b(store_mutex_);\n"
                        "    3  |  src/größe & co/缓存.cpp:4:37: waits for 'store_mutex_', which coroutine "
                        "Cache::evict holds\n"));
}

TEST(Text, NamesLanesAtEachStepWhereThereAreTooMany) {
  findings::Finding finding;
  for (unsigned lane = 1; lane <= 11; ++lane)
    finding.witness.push_back({"thread " + std::to_string(lane), lane, {"/r/a.cpp", lane, 1, lane, 2}, "waits"});
  const std::string out = text(one(finding));
  EXPECT_THAT(out, HasSubstr("     1  a.cpp:1:1: [thread 1] waits\n"));
  EXPECT_THAT(out, HasSubstr("    11  a.cpp:11:1: [thread 11] waits\n"));
}

TEST(Text, CountsFurtherEntries) {
  EXPECT_THAT(text(test::sample_report()), HasSubstr("    and 11 more coroutines\n"));
  findings::Finding finding;
  finding.entries = 2;
  finding.witness = {{"thread 1", 1, {"/r/a.cpp", 4, 1, 4, 2}, "writes"}};
  EXPECT_THAT(text(one(finding)), HasSubstr("    and 1 more thread\n"));
  finding.entries = 1;
  EXPECT_THAT(text(one(finding)), Not(HasSubstr("more")));
}

TEST(Text, KeepsToTheWidth) {
  for (const unsigned width : {80u, 100u, 120u}) {
    llvm::SmallVector<llvm::StringRef> lines;
    const std::string out = text(test::sample_report(), {false, width});
    llvm::StringRef(out).split(lines, '\n');
    for (const llvm::StringRef line : lines)
      EXPECT_LE(width_of(line), width) << line.str();
  }
}

TEST(Text, ColoursOnlyWhenAsked) {
  EXPECT_THAT(text(test::sample_report()), Not(HasSubstr("\033")));
  std::string coloured = text(test::sample_report(), {true, 80});
  EXPECT_THAT(coloured, HasSubstr("\033["));
  for (std::size_t at = 0; (at = coloured.find("\033[", at)) != std::string::npos;)
    coloured.erase(at, coloured.find('m', at) - at + 1);
  EXPECT_EQ(coloured, text(test::sample_report())) << "colours change nothing else";
}

TEST(Text, LetsNoNameReachTheTerminal) {
  findings::Finding finding;
  finding.place = {"/r/a\033]0;x\007.cpp", 1, 1, 1, 2};
  finding.what = "calls 'f\033[2J'\nand more.";
  const std::string out = text(one(finding)) + concise(one(finding));
  EXPECT_THAT(out, Not(HasSubstr("\033")));
  EXPECT_THAT(out, Not(HasSubstr("\007")));
  EXPECT_THAT(out, HasSubstr("calls 'f<U+001B>[2J' and more."));
}

TEST(Summary, SaysWhatWasFoundAndWhatWasNotLookedAt) {
  EXPECT_THAT(text(test::sample_report(), {false, 0}),
              HasSubstr("5 findings (2 certain, 2 likely, 1 possible)\n"
                        "  blocking-call-in-coroutine      3  (2 likely, 1 possible)\n"
                        "  lock-across-await               1  (1 certain)\n"
                        "  lock-order-inversion            1  (1 certain)\n"
                        "4 findings of lower confidence not shown; --min-confidence possible shows all\n"
                        "1 finding suppressed by NOLINT\n"
                        "5 of 9 translation units analysed, 341 functions\n"
                        "4 problems left code unchecked:\n"
                        "  src/moved.cpp: missing file: the compilation database names it; run CMake again to refresh "
                        "the database\n"
                        "  src/session.cpp:13:1: does not parse: unknown type name 'awaitable'\n"
                        "  src/huge.cpp: crashed the parser: signal 11 while parsing\n"
                        "  src/other.cu: not analysed: not a C or C++ compile command\n"
                        "Limits and notes:\n"
                        "  src/größe & co/缓存.cpp: analysed in part: one body has more than 4000 blocks and was left "
                        "out\n"
                        "  note: two definitions of 'Cache::put' differ; the one of target 'server' was taken\n"));
  EXPECT_EQ(text(test::empty_report()), "No findings.\n3 of 3 translation units analysed, 12 functions\n");
}

TEST(Concise, IsOneLineAFindingAndATrouble) {
  const std::string out = concise(test::sample_report());
  EXPECT_EQ(llvm::StringRef(out).count('\n'), 5u + 6u);
  EXPECT_THAT(out, HasSubstr("src/session.cpp:15:22: warning: 'later' waits here. "
                             "(possible) [tenterhook-blocking-call-in-coroutine]\n"));
  EXPECT_THAT(out, HasSubstr("src/session.cpp:13:1: does not parse: unknown type name 'awaitable'\n"));
  EXPECT_EQ(concise(test::empty_report()), "");
}

TEST(JsonFormat, HoldsTheWholeReport) {
  const Json log = json(test::sample_report());
  EXPECT_EQ(log["schema"], 1);
  EXPECT_EQ(log["findings"].size(), 5u);
  EXPECT_EQ(log["suppressed"].size(), 1u);
  EXPECT_EQ(log["troubles"][1], Json({{"kind", "parse-error"},
                                      {"file", "src/session.cpp"},
                                      {"line", 13},
                                      {"column", 1},
                                      {"message", "unknown type name 'awaitable'"}}));
  EXPECT_EQ(log["summary"]["by_rule"]["blocking-call-in-coroutine"], 3);
  EXPECT_EQ(log["summary"]["by_confidence"], Json({{"certain", 2}, {"likely", 2}, {"possible", 1}}));
  EXPECT_EQ(log["rules"][0]["cwe"], nullptr);
  EXPECT_EQ(log["rules"][1]["cwe"], 833);
  const Json &finding = log["findings"][2];
  EXPECT_EQ(finding["rule"], "lock-across-await");
  EXPECT_EQ(finding["file"], "src/session.cpp");
  EXPECT_EQ(finding["column"], 31) << "bytes, not UTF-16";
  EXPECT_EQ(finding["witness"][1]["message"], "suspends while it holds 'g_mutex'");
  EXPECT_EQ(finding["related"][1]["file"], "/usr/include/c++/12/mutex") << "outside the root";
}

// Every key of the objects in `value`, at any depth; the names of rules are data.
void expect_keys_in(const std::string &page, const Json &value) {
  for (const auto &[key, inner] : value.items()) {
    if (value.is_object()) {
      EXPECT_THAT(page, HasSubstr("`" + key + "`")) << "not in docs/output.md";
    }
    if (key != "by_rule" && inner.is_structured())
      expect_keys_in(page, inner);
  }
}

TEST(JsonFormat, EveryKeyIsDocumented) {
  const auto page = llvm::MemoryBuffer::getFile(TENTERHOOK_SOURCE_DIR "/docs/output.md");
  ASSERT_TRUE(page);
  expect_keys_in((*page)->getBuffer().str(), json(test::sample_report()));
}

TEST(JsonFormat, IsValidUtf8WhateverTheNames) {
  findings::Finding finding;
  finding.what = "calls 'f\xff'.";
  EXPECT_EQ(json(one(finding))["findings"][0]["message"], "calls 'f\uFFFD'.");
}

TEST(Sarif, ResultsPointAtTheirRules) {
  for (const auto profile : {SarifProfile::standard, SarifProfile::github, SarifProfile::strict}) {
    const Json log = run(test::sample_report(), profile);
    for (const Json &result : log["results"])
      EXPECT_EQ(log["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
  }
}

TEST(Sarif, PlacesAreRelativeToTheRootAndCountUtf16) {
  const Json log = run(test::sample_report());
  EXPECT_EQ(log["originalUriBaseIds"]["%SRCROOT%"]["uri"], "file:///srv/build%20farm/%C3%A9change/");
  EXPECT_EQ(log["columnKind"], "utf16CodeUnits");
  const Json result = result_of(log, "g_mutex");
  ASSERT_EQ(result["locations"].size(), 1u);
  const Json &physical = result["locations"][0]["physicalLocation"];
  EXPECT_EQ(physical["artifactLocation"]["uri"], "src/session.cpp");
  EXPECT_EQ(physical["artifactLocation"]["uriBaseId"], "%SRCROOT%");
  // Tab and ASCII count one unit; the thread emoji two (four bytes); the i with diaeresis one (two bytes).
  EXPECT_EQ(physical["region"], Json({{"startLine", 7}, {"startColumn", 28}, {"endLine", 7}, {"endColumn", 59}}));
  EXPECT_EQ(physical["contextRegion"]["startLine"], 5);
  EXPECT_EQ(physical["contextRegion"]["endLine"], 9);
  EXPECT_THAT(physical["contextRegion"]["snippet"]["text"].get<std::string>(), HasSubstr("task<void> session("));
  const Json cache = result_of(log, "index_mutex_, store_mutex_")["locations"][0]["physicalLocation"];
  EXPECT_EQ(cache["artifactLocation"]["uri"], "src/gr%C3%B6%C3%9Fe%20%26%20co/%E7%BC%93%E5%AD%98.cpp");
  const Json outside = result["relatedLocations"][1]["physicalLocation"]["artifactLocation"];
  EXPECT_EQ(outside["uri"], "file:///usr/include/c%2B%2B/12/mutex");
  EXPECT_FALSE(outside.contains("uriBaseId"));
}

TEST(Sarif, TheWitnessIsOneThreadFlowWithLanes) {
  const Json result = result_of(run(test::sample_report()), "index_mutex_, store_mutex_");
  ASSERT_EQ(result["codeFlows"].size(), 1u);
  ASSERT_EQ(result["codeFlows"][0]["threadFlows"].size(), 1u);
  const Json &steps = result["codeFlows"][0]["threadFlows"][0]["locations"];
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_EQ(steps[0]["location"]["message"]["text"], "[thread 'writer'] locks 'index_mutex_'");
  EXPECT_EQ(steps[0]["nestingLevel"], 1);
  EXPECT_EQ(steps[1]["nestingLevel"], 2);
  EXPECT_EQ(steps[3]["executionOrder"], 4);
  ASSERT_EQ(result["stacks"].size(), 2u);
  EXPECT_EQ(result["stacks"][1]["message"]["text"], "coroutine Cache::evict");
  EXPECT_EQ(result["stacks"][1]["frames"][1]["location"]["message"]["text"], "locks 'store_mutex_'")
      << "the latest step is first";
}

TEST(Sarif, TheStrictProfileHasAThreadFlowALane) {
  const Json result = result_of(run(test::sample_report(), SarifProfile::strict), "index_mutex_, store_mutex_");
  const Json &flows = result["codeFlows"][0]["threadFlows"];
  ASSERT_EQ(flows.size(), 2u);
  EXPECT_EQ(flows[1]["message"]["text"], "coroutine Cache::evict");
  EXPECT_EQ(flows[1]["locations"][0]["location"]["message"]["text"], "locks 'store_mutex_'");
  EXPECT_EQ(flows[1]["locations"][1]["executionOrder"], 4);
}

TEST(Sarif, SuppressionsAreAllOrNothing) {
  const Json standard = run(test::sample_report());
  EXPECT_EQ(standard["results"].size(), 6u);
  EXPECT_EQ(result_of(standard, "g_mutex")["suppressions"], Json::array());
  EXPECT_EQ(result_of(standard, "g_other_mutex")["suppressions"][0]["kind"], "inSource");
  const Json github = run(test::sample_report(), SarifProfile::github);
  EXPECT_EQ(github["results"].size(), 5u);
  for (const Json &result : github["results"])
    EXPECT_FALSE(result.contains("suppressions"));
}

TEST(Sarif, FingerprintsOutliveTheLine) {
  const Json log = run(test::sample_report());
  const Json fingerprints = result_of(log, "g_mutex")["partialFingerprints"];
  EXPECT_EQ(fingerprints["tenterhook/v1"].get<std::string>().size(), 32u);
  EXPECT_THAT(fingerprints["primaryLocationLineHash"].get<std::string>(), testing::EndsWith(":1"));
  EXPECT_FALSE(result_of(log, "gone")["partialFingerprints"].contains("primaryLocationLineHash"));
  EXPECT_FALSE(result_of(log, "gone")["locations"][0]["physicalLocation"].contains("contextRegion"));
}

TEST(Sarif, LevelsFollowConfidence) {
  const Json log = run(test::sample_report());
  EXPECT_EQ(result_of(log, "g_mutex")["level"], "warning");
  EXPECT_EQ(result_of(log, "query")["level"], "warning");
  EXPECT_EQ(result_of(log, "delayed")["level"], "note");
  EXPECT_GT(result_of(log, "g_mutex")["rank"], result_of(log, "query")["rank"]);
}

TEST(Sarif, RulesCarryWhatGitHubNeeds) {
  const Json rule = run(test::sample_report())["tool"]["driver"]["rules"][1];
  EXPECT_EQ(rule["id"], "tenterhook-lock-across-await");
  EXPECT_EQ(rule["name"], "LockAcrossAwait");
  EXPECT_EQ(rule["shortDescription"]["text"], "A coroutine suspends while it holds a lock.");
  EXPECT_EQ(rule["fullDescription"]["text"], "A lock is held across `co_await`.");
  EXPECT_THAT(rule["help"]["markdown"].get<std::string>(), HasSubstr("# tenterhook-lock-across-await"));
  EXPECT_EQ(rule["properties"]["tags"], Json({"concurrency", "deadlock", "external/cwe/cwe-833"}));
  EXPECT_EQ(rule["properties"]["problem.severity"], "error");
}

TEST(Sarif, TroublesAreNotifications) {
  const Json invocation = run(test::sample_report())["invocations"][0];
  EXPECT_EQ(invocation["executionSuccessful"], false);
  ASSERT_EQ(invocation["toolExecutionNotifications"].size(), 6u);
  const Json &parse_error = invocation["toolExecutionNotifications"][1];
  EXPECT_EQ(parse_error["level"], "error");
  EXPECT_EQ(parse_error["message"]["text"], "Does not parse: unknown type name 'awaitable'.");
  EXPECT_EQ(parse_error["locations"][0]["physicalLocation"]["region"]["startLine"], 13);
  EXPECT_EQ(invocation["toolExecutionNotifications"][4]["level"], "warning");
  EXPECT_EQ(run(test::empty_report())["invocations"][0]["executionSuccessful"], true);
  Report capped = test::empty_report();
  capped.troubles = {{Trouble::capped, "", "one body was left out"}};
  EXPECT_EQ(run(capped)["invocations"][0]["executionSuccessful"], false);
}

TEST(Sarif, BracketsAreNoLinks) {
  const Json result = result_of(run(test::sample_report()), "g_mutex");
  EXPECT_EQ(result["relatedLocations"][1]["message"]["text"], "[std::mutex::lock] (1) is what blocks");
}

TEST(Sarif, GitHubGetsNoMoreThanItTakes) {
  Report report = test::empty_report();
  findings::Finding finding;
  finding.rule = "lock-across-await";
  finding.witness = {{"thread", 1, {}, "does it"}};
  for (std::uint32_t line = 1; line <= 25'002; ++line) {
    finding.place = {"/r/a.cpp", line, 1, line, 2};
    finding.confidence = line <= 2 ? findings::Confidence::likely : findings::Confidence::certain;
    report.findings.push_back(finding);
  }
  const Json log = run(report, SarifProfile::github);
  ASSERT_EQ(log["results"].size(), 25'000u);
  EXPECT_EQ(log["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"], 3) << "the surest stay";
  EXPECT_EQ(log["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
            "Analysed in part: 2 findings left out; GitHub takes no more than 25000.");
}

TEST(Sarif, StepsWithoutAPlaceKeepTheirMessage) {
  findings::Finding finding;
  finding.witness = {{"signal handler", 1, {}, "runs at any time"}};
  const Json log = run(one(finding));
  const Json &step = log["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"][0]["location"];
  EXPECT_EQ(step["message"]["text"], "[signal handler] runs at any time");
  EXPECT_FALSE(step.contains("physicalLocation"));
}

TEST(AllFormats, SameReportSameBytes) {
  const Report report = test::sample_report();
  EXPECT_EQ(text(report), text(report));
  for (const auto profile : {SarifProfile::standard, SarifProfile::github, SarifProfile::strict})
    EXPECT_EQ(sarif_text(report, profile), sarif_text(report, profile));
  Report shared = report;
  shared.bodies_shared = 7; // depends on which TUs ran at the same time
  EXPECT_EQ(text(report), text(shared));
  EXPECT_EQ(json(report), json(shared));
  EXPECT_EQ(sarif_text(report, SarifProfile::standard), sarif_text(shared, SarifProfile::standard));
}

} // namespace
