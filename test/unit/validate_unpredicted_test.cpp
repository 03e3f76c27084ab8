// What no finding predicts: circles of locks, what loops called, and which traces verdicts look at.
#include "validate/lock_cycles.h"
#include "validate/loop_frames.h"
#include "validate/relevance.h"
#include <gtest/gtest.h>

using namespace tenterhook::findings;
using namespace tenterhook::validate;

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
  return lock_cycles(evidence);
}

Frame frame(const std::string &function, const std::string &file = "/src/a.cpp") {
  return {function, file, 3, 1, false, "a.out", Trust::exact};
}
Frame of_system(const std::string &function) { return frame(function, "/usr/include/c++/12/functional"); }

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
  std::vector<LockCycle> found =
      cycles({edge(1, 2, "a"), edge(2, 3, "b"), edge(3, 4, "c"), edge(4, 1, "d"), edge(3, 1, "e")});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].size(), 3u);
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
}

TEST(LoopFrames, WhatTheLoopCalls) {
  LoopFrames loop;
  loop.add_wait({frame("reactor::run()")});
  EXPECT_TRUE(loop.called(
      {frame("on_event()"), of_system("std::function::operator()"), frame("reactor::run()"), frame("main")}));
  EXPECT_FALSE(loop.called({frame("shut_down()"), frame("main")}));
  EXPECT_TRUE(loop.called({frame("reactor::run()"), frame("main")})); // or what ended with the call
  EXPECT_FALSE(loop.called({frame("reactor::run()")}));               // a thread's function does other things as well
  EXPECT_FALSE(loop.called({frame("run()", "/src/other.cpp"), frame("main")}));
  EXPECT_FALSE(loop.called({}));
}

TEST(LoopFrames, InlinedIntoWhoCallsTheLoop) {
  LoopFrames loop;
  loop.add_wait({frame("poller::wait()"), frame("reactor::run()"), frame("main")});
  EXPECT_TRUE(loop.called({frame("on_event()"), frame("reactor::run()"), frame("main")}));
  EXPECT_FALSE(loop.called({frame("shut_down()"), frame("main")}));
}

TEST(LoopFrames, OfAsio) {
  LoopFrames loop;
  Stack handler = {frame("on_tick()"), of_system("asio::detail::wait_handler::do_complete"),
                   of_system("boost::asio::detail::scheduler::do_run_one(…)"), frame("main")};
  EXPECT_TRUE(loop.called(handler));
  handler.erase(handler.begin()); // asio's own lock
  EXPECT_FALSE(loop.called(handler));
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
