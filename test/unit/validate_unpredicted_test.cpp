// What no finding predicts: circles of locks, loops in machine code, and which traces verdicts look at.
#include "trace/code_loops.h"
#include "validate/lock_cycles.h"
#include "validate/relevance.h"
#include <gtest/gtest.h>

using namespace tenterhook::findings;
using namespace tenterhook::validate;
namespace runs = tenterhook::runs;

namespace {

// `taken` while `held`, by one thread.
Observation edge(std::uint64_t held, std::uint64_t taken, const std::string &thread, std::uint64_t gate = 0) {
  Observation seen;
  seen.kind = Observed::lock_edge;
  seen.other_object = held;
  seen.object = taken;
  seen.thread = thread;
  seen.gate = gate;
  return seen;
}

std::vector<LockCycle> cycles(std::vector<Observation> edges) {
  static Evidence evidence; // cycles point into it
  evidence.seen = std::move(edges);
  return lock_cycles(evidence).found;
}

Evidence trace(const std::string &file, const std::string &program, bool knows, std::set<std::string> sources) {
  Evidence evidence;
  evidence.file = file;
  evidence.program = program;
  evidence.knows_sources = knows;
  evidence.sources = std::move(sources);
  return evidence;
}

std::vector<std::string> kept(const std::vector<Evidence> &evidence, bool findings = true) {
  LoadedReport report;
  Subject subject;
  subject.finding.place = {"/src/app/a.cpp", 3, 1, 3, 9};
  if (findings)
    report.subjects = {subject};
  std::map<std::string, std::string> set_aside;
  std::vector<std::string> files;
  for (const Evidence *of : evidence_about(report, evidence, set_aside))
    files.push_back(of->file);
  EXPECT_EQ(files.size() + set_aside.size(), evidence.size());
  return files;
}

using Files = std::vector<std::string>;

} // namespace

TEST(LockCycles, PairsAndCircles) {
  EXPECT_TRUE(cycles({edge(1, 2, "a"), edge(2, 3, "b")}).empty());
  EXPECT_EQ(cycles({edge(1, 2, "a"), edge(2, 1, "b")}).size(), 1u);
  std::vector<LockCycle> three = cycles({edge(1, 2, "a"), edge(2, 3, "b"), edge(3, 1, "c")});
  ASSERT_EQ(three.size(), 1u);
  EXPECT_EQ(three[0].size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) // each takes what the next one holds
    EXPECT_EQ(three[0][i]->object, three[0][(i + 1) % 3]->other_object);
  // Two parts that have nothing to do with each other.
  EXPECT_EQ(cycles({edge(1, 2, "a"), edge(2, 1, "b"), edge(7, 8, "a"), edge(8, 9, "b"), edge(9, 7, "c")}).size(), 2u);
}

TEST(LockCycles, TheShortestStandsForItsPart) {
  std::vector<LockCycle> found = cycles({edge(1, 2, "a"), edge(2, 3, "b"), edge(3, 4, "c"), edge(4, 1, "d"), edge(3, 1, "e")});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].size(), 3u);
}

TEST(LockCycles, NoneHidesAnother) {
  // A pair and a circle, then two circles, that have one lock in common; then two that have an order in common.
  EXPECT_EQ(cycles({edge(1, 2, "a"), edge(2, 1, "b"), edge(2, 3, "a"), edge(3, 4, "b"), edge(4, 2, "c")}).size(), 2u);
  EXPECT_EQ(cycles({edge(1, 2, "a"), edge(2, 3, "b"), edge(3, 1, "c"), edge(3, 4, "a"), edge(4, 5, "b"), edge(5, 3, "c")}).size(),
            2u);
  EXPECT_EQ(cycles({edge(1, 2, "a"), edge(2, 3, "b"), edge(3, 1, "c"), edge(2, 4, "b"), edge(4, 1, "c")}).size(), 1u);
}

TEST(LockCycles, OnlyWhereThreadsCanStandAtTheSameTime) {
  EXPECT_TRUE(cycles({edge(1, 2, "a"), edge(2, 1, "a")}).empty()); // one thread
  EXPECT_TRUE(cycles({edge(1, 2, "a", 9), edge(2, 1, "b", 9)}).empty());
  EXPECT_EQ(cycles({edge(1, 2, "a", 9), edge(2, 1, "b", 8)}).size(), 1u);
  EXPECT_TRUE(cycles({edge(1, 2, "a"), edge(2, 3, "a"), edge(3, 1, "b")}).empty());
  EXPECT_TRUE(cycles({edge(1, 2, "a", 9), edge(2, 3, "b", 9), edge(3, 1, "c")}).empty());
  // 2 before 3 is always below 1, which whoever takes 2 below 1 holds as well.
  EXPECT_TRUE(cycles({edge(1, 2, "a"), edge(2, 3, "b", 1), edge(3, 1, "c")}).empty());
  Observation often = edge(2, 3, "a");
  often.several_threads = true;
  EXPECT_EQ(cycles({edge(1, 2, "a"), often, edge(3, 1, "b")}).size(), 1u);
  // Of two ways to the same lock one is gated.
  EXPECT_EQ(cycles({edge(1, 2, "a", 9), edge(2, 3, "b", 9), edge(2, 3, "d"), edge(3, 1, "c")}).size(), 1u);
}

TEST(LockCycles, ManyLocksDoNotTakeForever) {
  std::vector<Observation> edges;
  for (std::uint64_t a = 1; a <= 60; ++a)
    for (std::uint64_t b = 1; b <= 60; ++b)
      if (a != b)
        edges.push_back(edge(a, b, "one thread"));
  EXPECT_TRUE(cycles(std::move(edges)).empty());

  Evidence circle; // one that is longer than what is searched for, among many steps
  for (std::uint64_t layer = 0; layer < 9; ++layer)
    for (std::uint64_t a = 0; a < 9; ++a)
      for (std::uint64_t b = 0; b < 9; ++b)
        circle.seen.push_back(edge(layer * 9 + a, (layer + 1) % 9 * 9 + b, std::to_string(layer)));
  EXPECT_TRUE(lock_cycles(circle).cut);
  circle.seen.resize(9);
  EXPECT_FALSE(lock_cycles(circle).cut);
}

// The loops around a node, as lists of their nodes, the innermost first.
std::vector<std::vector<unsigned>> loops(const runs::FlowGraph &graph, unsigned node) {
  std::vector<std::vector<unsigned>> lists;
  for (const llvm::BitVector &body : runs::loops_around(graph, node)) {
    lists.emplace_back();
    for (unsigned at : body.set_bits())
      lists.back().push_back(at);
  }
  return lists;
}
using Lists = std::vector<std::vector<unsigned>>;

TEST(CodeLoops, NestedAndOneAfterTheOther) {
  // 1 … 4 a loop, in it 2 repeats itself; then 5, 6.
  runs::FlowGraph graph = {{1}, {2}, {2, 3}, {4}, {1, 5}, {6}, {5, 7}, {}};
  EXPECT_EQ(loops(graph, 2), (Lists{{2}, {1, 2, 3, 4}}));
  EXPECT_EQ(loops(graph, 3), (Lists{{1, 2, 3, 4}}));
  EXPECT_EQ(loops(graph, 6), (Lists{{5, 6}}));
  EXPECT_EQ(loops(graph, 0), Lists());
  EXPECT_EQ(loops(graph, 7), Lists());
}

TEST(CodeLoops, TwoEdgesBackAndCodeThatNothingReaches) {
  runs::FlowGraph graph = {{1}, {2, 3}, {1}, {1, 4}, {}, {1}}; // `continue` at 2; 5 is a landing pad
  EXPECT_EQ(loops(graph, 2), (Lists{{1, 2, 3}}));
  EXPECT_EQ(loops(graph, 5), Lists());
}

TEST(CodeLoops, EnteredTwice) { // by 1 and by 2: no header dominates the other
  runs::FlowGraph graph = {{1, 2}, {2}, {1, 3}, {}};
  EXPECT_EQ(loops(graph, 1), Lists());
}

TEST(Relevance, TracesOfOtherPrograms) {
  Evidence program = trace("p.trace", "/b/server", true, {"/src/app/a.cpp", "/src/app/b.cpp"});
  Evidence shell = trace("sh.trace", "/usr/bin/dash", false, {});
  Evidence tool = trace("t.trace", "/b/tool", true, {"/src/tool/main.cpp"});
  Evidence stripped = trace("s.trace", "/install/server", false, {});
  Evidence log = trace("tsan.log", "", false, {});
  log.source = SourceKind::thread_sanitizer;
  EXPECT_EQ(kept({program, shell, tool, stripped, log}), (Files{"p.trace", "s.trace", "tsan.log"}));
  EXPECT_EQ(kept({shell}), Files{"sh.trace"}); // it may be the program
  EXPECT_EQ(kept({tool}), Files{});
  EXPECT_EQ(kept({tool}, false), Files{"t.trace"}); // a report without findings has no files
}
