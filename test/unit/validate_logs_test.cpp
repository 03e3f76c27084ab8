// The readers of other tools' logs, on real logs that were shortened by hand (test/validate/logs), and on what is torn.
#include "trace_builder.h"
#include "validate/evidence_files.h"
#include "validate/logs.h"
#include "llvm/Support/MemoryBuffer.h"
#include <gtest/gtest.h>

using namespace tenterhook::findings;
using namespace tenterhook::validate;

namespace {

std::string load(const std::string &name) {
  auto buffer = llvm::MemoryBuffer::getFile(TENTERHOOK_SOURCE_DIR "/test/validate/logs/" + name);
  if (!buffer)
    throw std::runtime_error(name);
  return (*buffer)->getBuffer().str();
}

std::vector<Evidence> read(const std::string &text) {
  auto evidence = read_evidence("log", text);
  if (!evidence)
    throw std::runtime_error(llvm::toString(evidence.takeError()));
  return *evidence;
}
std::string failure(const std::string &text) {
  auto evidence = read_evidence("log", text);
  return evidence ? "" : llvm::toString(evidence.takeError());
}

std::size_t count(const Evidence &evidence, Observed kind) {
  return std::count_if(evidence.seen.begin(), evidence.seen.end(), [&](const Observation &o) { return o.kind == kind; });
}
const Observation &first(const Evidence &evidence, Observed kind) {
  return *std::find_if(evidence.seen.begin(), evidence.seen.end(), [&](const Observation &o) { return o.kind == kind; });
}

} // namespace

TEST(Frame, Forms) {
  Frame frame;
  ASSERT_TRUE(read_frame("    #1 a::f(int) /src/my code/x.cpp:5:17 (prog+0x12) (BuildId: 00ff)", frame));
  EXPECT_EQ(frame.function, "a::f(int)");
  EXPECT_EQ(frame.file, "/src/my code/x.cpp");
  EXPECT_EQ(frame.line, 5u);
  EXPECT_EQ(frame.column, 17u);
  EXPECT_EQ(frame.module, "prog");
  ASSERT_TRUE(read_frame("    #0 0x5595b2a414cd in helper() /tmp/rt.cpp:5:17", frame));
  EXPECT_EQ(frame.function, "helper()");
  EXPECT_EQ(frame.line, 5u);
  ASSERT_TRUE(read_frame("    #0 0x55 in usleep (/tmp/rt.rtsan+0xd73e) (BuildId: dacf)", frame));
  EXPECT_EQ(frame.function, "usleep");
  EXPECT_EQ(frame.module, "rt.rtsan");
  EXPECT_EQ(frame.trust, Trust::unknown);
  ASSERT_TRUE(read_frame("    #6 <null> <null> (libstdc++.so.6+0xd44a2)", frame));
  EXPECT_EQ(frame.function, "");
  ASSERT_TRUE(read_frame("    #2 add /src/race.cpp:5 (race+0x1)", frame)); // GCC's has no column
  EXPECT_EQ(frame.line, 5u);
  EXPECT_EQ(frame.column, 0u);
  EXPECT_FALSE(read_frame("    is no frame", frame));
  EXPECT_FALSE(read_frame("#x", frame));
}

TEST(ThreadSanitizer, Race) {
  std::vector<Evidence> all = read(load("race.tsan.log"));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].source, SourceKind::thread_sanitizer);
  EXPECT_EQ(all[0].reports, 1u);
  ASSERT_EQ(count(all[0], Observed::race), 1u);
  const Observation &race = first(all[0], Observed::race);
  EXPECT_EQ(race.what, "write of size 4 after previous write of size 4");
  EXPECT_EQ(race.thread, "main");
  EXPECT_EQ(race.other_thread, "thread T1");
  EXPECT_EQ(race.stack.front().line, 5u);
  EXPECT_EQ(race.other.front().function, "add()");
  EXPECT_EQ(race.object, 0x5639ed8b9798u);
  EXPECT_TRUE(all[0].limits.empty());
}

TEST(ThreadSanitizer, OtherReports) {
  std::vector<Evidence> all = read(load("misc.tsan.log"));
  ASSERT_EQ(all.size(), 1u);
  const Evidence &evidence = all[0];
  EXPECT_EQ(evidence.reports, 6u);
  EXPECT_EQ(count(evidence, Observed::lock_edge), 2u);
  const Observation &edge = first(evidence, Observed::lock_edge);
  EXPECT_EQ(edge.object, 0x564db1acd7c0u);       // M1 …
  EXPECT_EQ(edge.other_object, 0x564db1acd798u); // … while M0 is held
  EXPECT_EQ(edge.thread, "thread T1");
  EXPECT_EQ(edge.stack[1].column, 42u);
  EXPECT_EQ(edge.other[1].column, 18u);
  ASSERT_EQ(count(evidence, Observed::foreign_unlock), 1u);
  EXPECT_EQ(first(evidence, Observed::foreign_unlock).stack[1].function, "foreign()");
  std::vector<std::string> kinds;
  for (const Observation &seen : evidence.seen)
    if (seen.kind == Observed::report)
      kinds.push_back(seen.what);
  EXPECT_EQ(kinds,
            (std::vector<std::string>{"lock-order inversion", "signal-unsafe call inside of a signal",
                                      "signal-unsafe call inside of a signal", "destroy of a locked mutex", "thread leak"}));
}

TEST(RealtimeSanitizer, Calls) {
  std::vector<Evidence> all = read(load("calls.rtsan.log"));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].source, SourceKind::realtime_sanitizer);
  ASSERT_EQ(count(all[0], Observed::block), 2u);
  EXPECT_EQ(all[0].seen[0].what, "usleep");
  EXPECT_EQ(all[0].seen[0].stack[1].function, "helper()");
  EXPECT_FALSE(all[0].seen[0].timed);
  EXPECT_EQ(all[0].seen[1].what, "waits()");
}

TEST(Valgrind, Helgrind) {
  std::vector<Evidence> race = read(load("race.helgrind.xml"));
  EXPECT_EQ(race[0].source, SourceKind::helgrind);
  const Observation &seen = first(race[0], Observed::race);
  EXPECT_EQ(seen.stack.front().file, "/src/race.cpp");
  EXPECT_EQ(seen.stack.front().line, 5u);
  EXPECT_EQ(seen.other.front().function, "add()");
  EXPECT_EQ(seen.thread, "thread 1");
  EXPECT_EQ(seen.other_thread, "thread 2");
  EXPECT_EQ(seen.count, 3u); // errorcounts

  std::vector<Evidence> misc = read(load("misc.helgrind.xml"));
  EXPECT_EQ(misc[0].reports, 2u);
  EXPECT_EQ(count(misc[0], Observed::lock_edge), 2u);
  EXPECT_EQ(first(misc[0], Observed::lock_edge).object, 0x10C0B8u);
  const Observation &unlock = first(misc[0], Observed::foreign_unlock);
  EXPECT_EQ(unlock.thread, "thread 4");
  EXPECT_EQ(unlock.other_thread, "thread 1");
}

TEST(Valgrind, Drd) {
  std::vector<Evidence> all = read(load("misc.drd.xml"));
  EXPECT_EQ(all[0].source, SourceKind::drd);
  EXPECT_EQ(count(all[0], Observed::foreign_unlock), 1u);
  EXPECT_EQ(count(all[0], Observed::race), 1u);
}

TEST(Logs, WithoutReports) {
  for (const char *text : {"listening on port 80\nbye\n", "int main() {}\n", "[1, 2]", "{\"name\": 1}", "\n"})
    EXPECT_EQ(failure(text), "log: has no report of a sanitizer, so nothing tells what it is: of a sanitizer's run without "
                             "reports say --tsan FILE or --rtsan FILE");
}

TEST(Logs, OfANamedSanitizerNoReportIsEvidence) {
  for (const char *text : {"", "listening on port 80\nbye\n"}) {
    auto all = read_log_of(SourceKind::thread_sanitizer, "tsan.log", text);
    ASSERT_TRUE(bool(all)) << llvm::toString(all.takeError());
    ASSERT_EQ(all->size(), 1u);
    EXPECT_EQ((*all)[0].source, SourceKind::thread_sanitizer);
    EXPECT_TRUE((*all)[0].sight.races);
    EXPECT_EQ((*all)[0].reports, 0u);
    EXPECT_TRUE((*all)[0].limits.empty());
  }
  auto reports = read_log_of(SourceKind::thread_sanitizer, "tsan.log", load("race.tsan.log"));
  ASSERT_TRUE(bool(reports));
  ASSERT_EQ(reports->size(), 1u);
  EXPECT_EQ((*reports)[0].reports, 1u);
  auto both = read_log_of(SourceKind::realtime_sanitizer, "log", load("race.tsan.log")); // of the other, and none of its own
  ASSERT_TRUE(bool(both));
  EXPECT_EQ(both->size(), 2u);
  auto trace = read_log_of(SourceKind::thread_sanitizer, "run.trace", "TNTRHOOK");
  ASSERT_FALSE(bool(trace));
  EXPECT_NE(llvm::toString(trace.takeError()).find("run.trace: no text"), std::string::npos);
}

TEST(Logs, TornAreReadUpToTheTear) {
  for (const char *name :
       {"race.tsan.log", "misc.tsan.log", "calls.rtsan.log", "race.helgrind.xml", "misc.helgrind.xml", "misc.drd.xml"}) {
    std::string whole = load(name);
    std::size_t reports = read(whole)[0].reports;
    for (std::size_t size = 1; size < whole.size(); size += 37) {
      auto part = read_evidence("log", llvm::StringRef(whole).take_front(size));
      if (!part) {
        llvm::consumeError(part.takeError());
        continue; // before the tool is named
      }
      EXPECT_LE((*part)[0].reports, reports) << name << " cut at " << size;
    }
  }
  std::string race = load("race.tsan.log");
  std::vector<Evidence> torn = read(race.substr(0, race.find("Previous write")));
  ASSERT_EQ(torn[0].limits.size(), 1u);
  EXPECT_TRUE(torn[0].events_lost);
  EXPECT_EQ(count(torn[0], Observed::race), 1u);
}

// Of a thread that a recorder took for a loop's, by its stall alone, a stack says whether it was one.
TEST(Evidence, StallsWithoutAStackAreCounted) {
  auto limits = [](std::uint32_t flags, unsigned stalls) {
    tenterhook::test::TraceBuilder trace;
    for (unsigned i = 0; i < stalls; ++i)
      trace.event(1, 10'000'000 * (i + 1), tenterhook::trace::Kind::stall, 0, 0, 0,
                  tenterhook::trace::StallDetail{5'000'000, 0, flags, 7, 0});
    auto evidence = read_evidence("run.trace", trace.finish(50'000'000));
    return (*evidence)[0].limits;
  };
  EXPECT_TRUE(limits(tenterhook::trace::below_loop, 2).empty());
  ASSERT_EQ(limits(0, 2).size(), 1u);
  EXPECT_EQ(limits(0, 2)[0].rfind("2 stalls without a stack", 0), 0u);
}

TEST(Evidence, WhatIsNone) {
  EXPECT_NE(failure("").find("is empty"), std::string::npos);
  EXPECT_NE(failure(std::string("\x01\0\x02", 3)).find("neither a trace"), std::string::npos);
  EXPECT_NE(failure("<?xml version='1.0'?><a/>").find("not what `valgrind"), std::string::npos);
  EXPECT_NE(failure("{\"version\": \"2.1.0\", \"runs\": []}").find("is SARIF"), std::string::npos);
  EXPECT_NE(failure("{\"tool\": {\"name\": \"tenterhook\"}, \"findings\": []}").find("is a JSON report"), std::string::npos);
  EXPECT_NE(failure("<valgrindoutput><protocoltool>memcheck</protocoltool></valgrindoutput>").find("memcheck"),
            std::string::npos);
}
