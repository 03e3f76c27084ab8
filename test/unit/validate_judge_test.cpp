// Verdicts from observations built by hand: the table of docs/validate.md, row by row, and joining by place.
#include "validate/judge.h"
#include <gtest/gtest.h>

using namespace tenterhook::findings;
using namespace tenterhook::validate;

namespace {

constexpr std::uint64_t ms = 1'000'000;
const std::string file = "/src/app/server.cpp";

Place at(std::uint32_t line) { return {file, line, 3, line, 20}; }
Frame frame(const std::string &function, std::uint32_t line) { return {function, file, line, 3, false, "server", Trust::exact}; }
Frame library(const std::string &function) {
  return {function, "/usr/include/c++/12/thread", 82, 1, false, "server", Trust::exact};
}

// Coroutine session (lines 10 to 30) calls helper (lines 1 to 5) at line 12, which blocks at line 3.
Finding blocking(const std::string &function = "read") {
  Finding finding;
  finding.rule = "blocking-call-in-coroutine";
  finding.place = at(3);
  finding.identity = function;
  finding.witness = {{"coroutine session", 1, at(10), "runs", StepKind::enter, {"session", 10, 30}},
                     {"coroutine session", 1, at(12), "calls 'helper'", StepKind::call, {"session", 10, 30}},
                     {"coroutine session", 1, at(3), "blocks", StepKind::block, {"helper", 1, 5}, function}};
  return finding;
}

Observation block(std::uint64_t duration, Stack stack) {
  Observation seen;
  seen.kind = Observed::block;
  seen.what = "read";
  seen.duration = duration;
  seen.stack = std::move(stack);
  seen.thread = "main";
  seen.in_coroutine = seen.on_loop = true;
  return seen;
}
Stack rooted() { return {frame("helper()", 3), frame("session(int) (.resume)", 12), frame("main", 90)}; }

Observation reach(std::uint64_t inside, std::uint64_t outside, Stack stack) {
  Observation seen;
  seen.kind = Observed::reach;
  seen.what = "read";
  seen.inside = inside;
  seen.outside = outside;
  seen.stack = std::move(stack);
  return seen;
}

std::vector<Evidence> recorded(std::vector<Observation> seen) {
  Evidence evidence;
  evidence.file = "run.trace";
  evidence.sight.blocking = evidence.sight.reach = evidence.sight.locks = evidence.sight.waits_with_lock = true;
  evidence.block_threshold = ms;
  evidence.functions = {"read", "nanosleep", "pthread_mutex_lock"};
  evidence.seen = std::move(seen);
  return {evidence};
}

Seen seen_in(const std::vector<Evidence> &evidence) {
  std::vector<const Evidence *> files;
  for (const Evidence &file : evidence)
    files.push_back(&file);
  return Seen(files);
}
Verdict judge(const Finding &finding, const std::vector<Evidence> &evidence, Thresholds thresholds = {}) {
  return judge_of(finding.rule)(finding, seen_in(evidence), thresholds).verdict;
}

// lock-across-await: locks at 11, suspends at 15, in session.
Finding held_lock() {
  Finding finding;
  finding.rule = "lock-across-await";
  finding.place = at(15);
  finding.witness = {{"coroutine session", 1, at(11), "locks", StepKind::acquire, {"session", 10, 30}, "m"},
                     {"coroutine session", 1, at(15), "suspends", StepKind::suspend, {"session", 10, 30}}};
  return finding;
}
Observation held(Observed kind, Stack acquired, Stack now = {}) {
  Observation seen;
  seen.kind = kind;
  seen.stack = std::move(now);
  seen.other = std::move(acquired);
  seen.in_coroutine = true;
  return seen;
}

// discarded-awaitable: made at line 20 of session.
Finding dropped(const std::string &type = "tenterhook::task<int>") {
  Finding finding;
  finding.rule = "discarded-awaitable";
  finding.place = at(20);
  finding.witness = {{"coroutine session", 1, at(20), "calls", StepKind::create, {"session", 10, 30}, type}};
  return finding;
}
Observation task(bool started, bool destroyed, bool awaited, std::uint64_t count = 1) {
  Observation seen;
  seen.kind = Observed::task;
  seen.other = {frame("session(int) (.resume)", 20)};
  seen.started = started;
  seen.destroyed = destroyed;
  seen.awaited = awaited;
  seen.count = count;
  return seen;
}
std::vector<Evidence> traced(std::vector<Observation> seen) {
  std::vector<Evidence> evidence = recorded(std::move(seen));
  evidence[0].sight.tasks = evidence[0].sight.suspends = true;
  return evidence;
}

} // namespace

// first(second()) and third() on line 3, whose columns say which of them blocked.
TEST(Join, CallsOfOneLineByColumn) {
  auto call = [](std::uint32_t from, std::uint32_t to) { return Place{file, 3, from, 3, to}; };
  auto at_column = [](std::uint32_t column) {
    Frame frame = ::frame("helper()", 3);
    frame.column = column;
    return frame;
  };
  const Place first = call(10, 24), second = call(16, 23), third = call(30, 36), none = {file, 3, 0, 3, 0};
  Seen seen({});
  for (const Place &each : {first, second, third})
    seen.add_call(each);
  auto owners = [&](std::uint32_t column) {
    std::string names;
    for (auto [name, place] : {std::pair("1", first), {"2", second}, {"3", third}})
      if (!seen.is_of_another_call(at_column(column), place))
        names += name;
    return names;
  };
  EXPECT_EQ(owners(10), "1");
  EXPECT_EQ(owners(16), "2") << "the innermost";
  EXPECT_EQ(owners(24), "1") << "gcc names some calls by their last column";
  EXPECT_EQ(owners(33), "3");
  EXPECT_EQ(owners(50), "123") << "none of them: any";
  EXPECT_EQ(owners(0), "123") << "no column";
  EXPECT_FALSE(seen.is_of_another_call(at_column(33), none));
  EXPECT_TRUE(seen.is_of_another_call(at_column(33), first));

  Finding finding = blocking();
  finding.place = finding.witness.back().place = first;
  Observation slow = block(30 * ms, rooted());
  slow.stack.front().column = 33;
  std::vector<Evidence> evidence = recorded({slow});
  EXPECT_EQ(judge(finding, evidence).judgement, Judgement::confirmed) << "it is the only finding of the line";
  Seen both = seen_in(evidence);
  for (const Place &each : {first, third})
    both.add_call(each);
  EXPECT_EQ(judge_of(finding.rule)(finding, both, {}).verdict.judgement, Judgement::not_exercised);
  finding.place = finding.witness.back().place = third;
  EXPECT_EQ(judge_of(finding.rule)(finding, both, {}).verdict.judgement, Judgement::confirmed);
}

// read() and printf() on line 3: of printf() there is no finding, and what it did is not read's.
TEST(Join, ACallBesideIsAnothers) {
  Finding finding = blocking();
  finding.place = finding.witness.back().place = {file, 3, 10, 3, 24};
  auto verdict = [&](std::string what, std::uint32_t column) {
    Observation slow = block(30 * ms, rooted());
    slow.stack.front().column = column;
    slow.what = std::move(what);
    return judge(finding, recorded({slow})).judgement;
  };
  EXPECT_EQ(verdict("printf", 33), Judgement::not_exercised);
  EXPECT_EQ(verdict("printf", 3), Judgement::not_exercised);
  EXPECT_EQ(verdict(finding.identity, 33), Judgement::confirmed) << "the columns of macros are their own";
  EXPECT_EQ(verdict("__read_chk", 12), Judgement::confirmed) << "another name of it";
  EXPECT_EQ(verdict("printf", 0), Judgement::confirmed) << "no column";
  finding.place.end_line = finding.witness.back().place.end_line = 4;
  EXPECT_EQ(verdict("printf", 33), Judgement::confirmed) << "over several lines";
  finding.place.end_line = finding.witness.back().place.end_line = 3;
  finding.identity = "std::this_thread::sleep_for";
  EXPECT_EQ(verdict("nanosleep", 33), Judgement::confirmed) << "only functions of C have the name of what is counted";
}

TEST(Join, FilesByComponentsNotBySuffixOfText) {
  EXPECT_EQ(same_file("/a/b/c.cpp", "/a/b/c.cpp"), FileMatch::equal);
  EXPECT_EQ(same_file("/a/x/../b/c.cpp", "/a/b/c.cpp"), FileMatch::equal);
  EXPECT_EQ(same_file("/ci/checkout/b/c.cpp", "/home/me/b/c.cpp"), FileMatch::by_suffix);
  EXPECT_EQ(same_file("b/c.cpp", "/home/me/b/c.cpp"), FileMatch::by_suffix);
  EXPECT_EQ(same_file("../b/c.cpp", "/home/me/b/c.cpp"), FileMatch::by_suffix);
  EXPECT_EQ(same_file("/ci/main.cpp", "/home/main.cpp"), FileMatch::none); // every program has one
  EXPECT_EQ(same_file("/a/bc.cpp", "/a/c.cpp"), FileMatch::none);
  EXPECT_EQ(same_file("x/b/c.cpp", "/home/me/b/c.cpp"), FileMatch::none);
  EXPECT_EQ(same_file("", "/a/c.cpp"), FileMatch::none);
}

TEST(Join, FunctionsByBareName) {
  EXPECT_TRUE(same_function("app::server<int>::run(std::vector<int>) const (.resume)", "app::server::run"));
  EXPECT_TRUE(same_function("_ZN3app6server3runEv.resume", "_ZN3app6server3runEv"));
  EXPECT_TRUE(same_function("(anonymous namespace)::session(int) [clone .actor]", "session"));
  EXPECT_TRUE(same_function("void run<2>(int)", "run<2>"));
  EXPECT_FALSE(same_function("other_session(int)", "session"));
  EXPECT_TRUE(same_function("main::$_0::operator()() const", "lambda in main"));
  EXPECT_TRUE(same_function("", "session"));
}

TEST(Join, NeedsTheExtentNotOnlyTheLine) {
  EXPECT_EQ(frame_at(frame("helper()", 3), at(3), {"helper", 1, 5}), FileMatch::equal);
  EXPECT_EQ(frame_at(frame("helper()", 3), at(3), {"helper", 8, 9}), FileMatch::none);
  EXPECT_EQ(frame_at(frame("other()", 3), at(3), {"helper", 1, 5}), FileMatch::none);
  EXPECT_EQ(frame_at(frame("helper()", 4), at(3), {"helper", 1, 5}), FileMatch::none);
}

TEST(Blocking, ConfirmedByACallBelowTheCoroutineOnItsLoop) {
  Verdict verdict = judge(blocking(), recorded({block(20 * ms, rooted())}));
  EXPECT_EQ(verdict.judgement, Judgement::confirmed);
  EXPECT_EQ(verdict.reason, "'read' blocked the loop once, for 20 ms");
  ASSERT_EQ(verdict.witness.size(), 3u);
  EXPECT_EQ(verdict.witness.back().place.line, 3u);
  EXPECT_EQ(verdict.thresholds.at("block"), ms);
}

TEST(Blocking, TheThresholdDecides) {
  EXPECT_EQ(judge(blocking(), recorded({block(20 * ms, rooted())}), {.block = 50 * ms}).judgement, Judgement::contradicted);
  EXPECT_EQ(judge(blocking(), recorded({block(20 * ms, rooted())}), {.block = 20 * ms}).judgement, Judgement::confirmed);
}

TEST(Blocking, ANonblockingCallIsNone) {
  Observation seen = block(20 * ms, rooted());
  seen.nonblocking = true;
  EXPECT_EQ(judge(blocking(), recorded({seen})).judgement, Judgement::contradicted);
}

TEST(Blocking, OnAWorkerIsContradicted) {
  Observation seen = block(20 * ms, rooted());
  seen.on_loop = false;
  seen.on_worker = true;
  Verdict verdict = judge(blocking(), recorded({seen}));
  EXPECT_EQ(verdict.judgement, Judgement::contradicted);
  EXPECT_NE(verdict.reason.find("in these runs, reached once"), std::string::npos);
}

TEST(Blocking, OnAThreadOfUnknownRoleIsInconclusive) {
  Observation seen = block(20 * ms, rooted());
  seen.on_loop = false;
  EXPECT_EQ(judge(blocking(), recorded({seen})).judgement, Judgement::inconclusive);
}

TEST(Blocking, OnAnotherWayIsInconclusive) {
  EXPECT_EQ(judge(blocking(), recorded({block(20 * ms, {frame("helper()", 3), frame("other(int) (.resume)", 50)})})).judgement,
            Judgement::inconclusive);
}

TEST(Blocking, OutsideOfCoroutinesIsNotExercised) {
  Observation seen = block(20 * ms, {frame("helper()", 3), frame("main", 90)});
  seen.in_coroutine = false;
  EXPECT_EQ(judge(blocking(), recorded({seen, reach(0, 1, {frame("helper()", 3)})})).judgement, Judgement::not_exercised);
}

TEST(Blocking, TailCallLeavesTheCallerOnTheStack) {
  EXPECT_EQ(judge(blocking(), recorded({block(20 * ms, {frame("session(int) (.resume)", 12)})})).judgement, Judgement::confirmed);
  Observation other = block(20 * ms, {frame("session(int) (.resume)", 12)});
  other.what = "poll"; // at the line of the call, but not what the finding is about
  EXPECT_NE(judge(blocking(), recorded({other})).judgement, Judgement::confirmed);
}

TEST(Blocking, FastEveryTimeIsContradictedWithTheCount) {
  Observation seen = reach(7, 0, {frame("helper()", 3)});
  seen.longest = 5000;
  Verdict verdict = judge(blocking(), recorded({seen}));
  EXPECT_EQ(verdict.judgement, Judgement::contradicted);
  EXPECT_EQ(verdict.reason, "in these runs, reached 7 times: never slow (the longest call took 5 us)");
}

TEST(Blocking, WhatTheSourceDoesNotKnowMakesItInconclusive) {
  for (int what = 0; what < 3; ++what) {
    std::vector<Evidence> evidence = recorded({reach(7, 0, {frame("helper()", 3)})});
    evidence[0].totals_lost = what == 0;
    evidence[0].other_build = what == 1;
    if (what == 2)
      evidence[0].seen[0].slow_inside = 2; // slow, and the events of it were dropped
    EXPECT_EQ(judge(blocking(), evidence).judgement, Judgement::inconclusive) << what;
  }
}

TEST(Blocking, APlaceByAnotherBuildConfirmsNothing) {
  std::vector<Evidence> evidence = recorded({block(20 * ms, rooted())});
  for (Frame &frame : evidence[0].seen[0].stack)
    frame.trust = Trust::other_build;
  evidence[0].other_build = true;
  Verdict verdict = judge(blocking(), evidence);
  EXPECT_EQ(verdict.judgement, Judgement::inconclusive);
  EXPECT_EQ(verdict.reason, "'read' blocked the loop once, for 20 ms; but run.trace is of another build, so it may have "
                            "been another place");
  EXPECT_FALSE(verdict.witness.empty()); // to look at all the same
}

TEST(Blocking, NotReached) {
  EXPECT_EQ(judge(blocking(), recorded({})).judgement, Judgement::not_exercised);
  EXPECT_EQ(judge(blocking("std::this_thread::sleep_for"), recorded({})).judgement, Judgement::not_exercised);
  // A ready future makes no call: silence says nothing. Nor for functions that nobody interposes.
  EXPECT_EQ(judge(blocking("std::future::get"), recorded({})).judgement, Judgement::inconclusive);
  EXPECT_EQ(judge(blocking("PQexec"), recorded({})).judgement, Judgement::inconclusive);
  EXPECT_EQ(judge(blocking(), {}).judgement, Judgement::inconclusive);
}

TEST(Blocking, CountsOfFunctionsThatCallWhatIsCounted) {
  auto counted = [](std::vector<Observation> seen) {
    std::vector<Evidence> evidence = recorded(std::move(seen));
    evidence[0].functions.insert({"stat", "getaddrinfo"});
    return evidence;
  };
  EXPECT_EQ(judge(blocking("std::filesystem::exists"), counted({})).judgement, Judgement::not_exercised);
  EXPECT_EQ(judge(blocking("std::filesystem::__cxx11::exists"), counted({})).judgement, Judgement::not_exercised);
  EXPECT_EQ(judge(blocking("std::filesystem::exists"), recorded({})).judgement, Judgement::inconclusive); // not counted
  EXPECT_EQ(judge(blocking("std::filesystem::permissions"), counted({})).judgement, Judgement::inconclusive);
  Observation other = reach(2, 0, {library("asio::detail::socket_ops::getaddrinfo")}); // the caller is not in a count
  other.what = "getaddrinfo";
  EXPECT_EQ(judge(blocking("boost::asio::ip::basic_resolver::resolve"), counted({other})).judgement, Judgement::inconclusive);
  EXPECT_EQ(judge(blocking("std::filesystem::exists"), counted({other})).judgement, Judgement::not_exercised);
}

TEST(Blocking, ACountDoesNotSayWhichCallbackCalled) {
  Finding finding = blocking();
  finding.witness[0].lane = "thread of the loop";
  Observation helper = reach(0, 4, {frame("helper()", 3)});
  helper.longest = 7000;
  Verdict verdict = judge(finding, recorded({helper}));
  EXPECT_EQ(verdict.judgement, Judgement::inconclusive);
  EXPECT_EQ(verdict.reason, "'read' was called 4 times here, never longer than 7 us; the count does not say whether the "
                            "callback called");
  helper.slow = 1;
  helper.longest = 2 * ms;
  EXPECT_NE(judge(finding, recorded({helper})).reason.find("slow once, at most 2.0 ms, but not below this callback"),
            std::string::npos);
  // Inlined into the callback, it is the callback's.
  helper = reach(0, 4, {frame("helper()", 3), frame("session(int)", 12)});
  EXPECT_EQ(judge(finding, recorded({helper})).judgement, Judgement::contradicted);
}

TEST(Blocking, ReachedAtAPlaceWithoutALine) {
  Observation hidden = reach(1, 0, {Frame{"session(int) (.resume)", "", 0, 0, false, "server", Trust::unknown}});
  EXPECT_EQ(judge(blocking(), recorded({hidden})).judgement, Judgement::inconclusive);
  // In a header of the library: it is the sleep whose stack is known, or it is not.
  Observation sleep = reach(1, 0, {library("std::this_thread::sleep_for")});
  sleep.what = "nanosleep";
  EXPECT_EQ(judge(blocking("std::this_thread::sleep_for"), recorded({sleep})).judgement, Judgement::inconclusive);
  Observation seen = block(20 * ms, {library("std::this_thread::sleep_for"), frame("elsewhere()", 70)});
  seen.what = "nanosleep";
  EXPECT_EQ(judge(blocking("std::this_thread::sleep_for"), recorded({sleep, seen})).judgement, Judgement::not_exercised);
}

TEST(Blocking, WhatEndsWithTheCallIsCountedAtItsCaller) {
  Observation pumped = reach(2, 0, {frame("pump()", 60)}); // calls what is in a variable, at a place of no finding
  EXPECT_EQ(judge(blocking(), recorded({pumped})).judgement, Judgement::not_exercised);
  pumped.by_jump = true;
  Verdict verdict = judge(blocking(), recorded({pumped}));
  EXPECT_EQ(verdict.judgement, Judgement::inconclusive);
  EXPECT_EQ(verdict.reason, "'read' was reached 2 times by what ended with the call, of which no frame is left");
  // Slow or not: the stack has no more of it than the count.
  EXPECT_EQ(judge(blocking(), recorded({pumped, block(20 * ms, {frame("pump()", 60)})})).judgement, Judgement::inconclusive);
  EXPECT_EQ(judge(blocking("write"), recorded({pumped})).judgement, Judgement::inconclusive); // not counted here
  pumped.could_not_wait = 2;
  EXPECT_EQ(judge(blocking(), recorded({pumped})).judgement, Judgement::not_exercised);
  pumped = reach(0, 2, {frame("pump()", 60)}); // no coroutine was on the stack
  pumped.by_jump = true;
  EXPECT_EQ(judge(blocking(), recorded({pumped})).judgement, Judgement::not_exercised);
  // Where the finding itself says who calls, the count is its own.
  Observation called = reach(3, 0, {frame("session(int) (.resume)", 12)});
  called.by_jump = true;
  EXPECT_EQ(judge(blocking(), recorded({called})).judgement, Judgement::contradicted);
}

TEST(Blocking, AStallWithTheCallOnItsStack) {
  Observation stall = block(120 * ms, rooted());
  stall.kind = Observed::stall;
  EXPECT_EQ(judge(blocking(), recorded({stall})).judgement, Judgement::confirmed);
}

TEST(Blocking, AStallWithoutAStackOnlySaysWhichCoroutine) {
  Observation stall = block(120 * ms, {});
  stall.kind = Observed::stall;
  stall.other = {frame("session(int)", 11)}; // the await at which the slice began
  std::vector<Evidence> evidence = recorded({stall});
  Judged judged = judge_of("blocking-call-in-coroutine")(blocking(), seen_in(evidence), {});
  EXPECT_EQ(judged.verdict.judgement, Judgement::inconclusive);
  EXPECT_EQ(judged.predicted.size(), 1u);
  evidence[0].seen[0].other = {frame("another(int)", 50)};
  EXPECT_EQ(judge(blocking(), evidence).judgement, Judgement::not_exercised);
}

TEST(Blocking, RealtimeSanitizerDoesNotMeasure) {
  Observation seen = block(0, rooted());
  seen.timed = false;
  std::vector<Evidence> evidence = recorded({seen});
  evidence[0].source = SourceKind::realtime_sanitizer;
  EXPECT_EQ(judge(blocking(), evidence).judgement, Judgement::inconclusive);
}

TEST(Lock, HeldAtASuspension) {
  Observation seen =
      held(Observed::held_at_suspend, {frame("session(int) (.resume)", 11)}, {frame("session(int) (.resume)", 15)});
  EXPECT_EQ(judge(held_lock(), traced({seen})).judgement, Judgement::confirmed);
  seen.other = {frame("outer()", 60)}; // somebody else's lock, or taken on a way that the finding does not name
  Verdict verdict = judge(held_lock(), traced({seen}));
  EXPECT_EQ(verdict.judgement, Judgement::inconclusive);
  EXPECT_EQ(verdict.reason, "suspended with a lock held that was taken at server.cpp:60; whether that is this lock, the "
                            "trace does not say");
  seen.other = {frame("session(int) (.resume)", 13)}; // another of this coroutine
  EXPECT_EQ(judge(held_lock(), traced({seen})).judgement, Judgement::not_exercised);
}

TEST(Lock, HeldAtTheWait) {
  Observation seen = held(Observed::held_at_wait, {frame("session(int) (.resume)", 11)});
  EXPECT_EQ(judge(held_lock(), recorded({seen})).judgement, Judgement::confirmed);
  seen.coroutine_on_stack = true; // a blocking poll under the lock: no suspension
  EXPECT_NE(judge(held_lock(), recorded({seen})).judgement, Judgement::confirmed);
}

TEST(Lock, UnlockedByAnotherThread) {
  EXPECT_EQ(judge(held_lock(), recorded({held(Observed::foreign_unlock, {frame("session(int) (.resume)", 11)})})).judgement,
            Judgement::confirmed);
  // A sanitizer does not say who took it: then the unlock must be in the coroutine.
  EXPECT_EQ(judge(held_lock(), recorded({held(Observed::foreign_unlock, {}, {frame("session(int)", 30)})})).judgement,
            Judgement::confirmed);
  EXPECT_NE(judge(held_lock(), recorded({held(Observed::foreign_unlock, {}, {frame("other()", 70)})})).judgement,
            Judgement::confirmed);
}

TEST(Lock, TakenAndNeverHeldAtAWaitIsWeak) {
  Observation taken = reach(4, 0, {frame("session(int) (.resume)", 11)});
  taken.what = "pthread_mutex_lock";
  EXPECT_EQ(judge(held_lock(), recorded({taken})).judgement, Judgement::inconclusive);
  // With every suspension seen, and none of them with the lock, it is a contradiction.
  Observation suspended = held(Observed::suspend, {}, {frame("session(int) (.resume)", 15)});
  suspended.count = 3;
  Verdict verdict = judge(held_lock(), traced({taken, suspended}));
  EXPECT_EQ(verdict.judgement, Judgement::contradicted);
  EXPECT_NE(verdict.reason.find("reached 3 times"), std::string::npos);
  std::vector<Evidence> lossy = traced({taken, suspended});
  lossy[0].events_lost = true;
  EXPECT_EQ(judge(held_lock(), lossy).judgement, Judgement::inconclusive);
}

TEST(Lock, OnlyLocksThatTheSourceSeesAreKnownNotToBeTaken) {
  Finding finding = held_lock();
  auto of_type = [&](const char *type) {
    finding.witness[0].type = type;
    return finding;
  };
  EXPECT_EQ(judge(of_type("std::mutex"), recorded({})).judgement, Judgement::not_exercised);
  EXPECT_EQ(judge(of_type("std::unique_lock<std::mutex>"), recorded({})).judgement, Judgement::not_exercised);
  EXPECT_EQ(judge(of_type("tenterhook::mutex"), recorded({})).judgement, Judgement::not_exercised);
  Verdict verdict = judge(of_type("app::spin_lock"), recorded({}));
  EXPECT_EQ(verdict.judgement, Judgement::inconclusive);
  EXPECT_EQ(verdict.reason, "the recorder does not see locks of this type ('app::spin_lock'); it sees those of pthread");
  // Without the recorder, only the runtime's own.
  std::vector<Evidence> runtime = traced({});
  runtime[0].sight.locks = runtime[0].sight.waits_with_lock = false;
  EXPECT_EQ(judge(of_type("tenterhook::mutex"), runtime).judgement, Judgement::not_exercised);
  EXPECT_EQ(judge(of_type("std::mutex"), runtime).judgement, Judgement::inconclusive);
}

TEST(Lock, NotTaken) {
  EXPECT_EQ(judge(held_lock(), recorded({})).judgement, Judgement::not_exercised);
  std::vector<Evidence> torn = recorded({});
  torn[0].events_lost = true;
  EXPECT_EQ(judge(held_lock(), torn).judgement, Judgement::inconclusive);
  EXPECT_EQ(judge(held_lock(), {}).judgement, Judgement::inconclusive);
}

TEST(Task, LostContradictedOrNotMade) {
  EXPECT_EQ(judge(dropped(), traced({task(false, true, false)})).judgement, Judgement::confirmed);
  EXPECT_EQ(judge(dropped(), traced({task(true, true, false)})).judgement, Judgement::confirmed);
  EXPECT_EQ(judge(dropped(), traced({task(true, true, true, 4), task(false, true, false)})).reason,
            "of 5 made here, 1 was lost: destroyed unstarted");
  EXPECT_EQ(judge(dropped(), traced({task(true, true, true, 4)})).judgement, Judgement::contradicted);
  EXPECT_EQ(judge(dropped(), traced({})).judgement, Judgement::not_exercised);
  EXPECT_EQ(judge(dropped("asio::awaitable<void>"), traced({})).judgement, Judgement::inconclusive);
  EXPECT_EQ(judge(dropped(), recorded({})).judgement, Judgement::inconclusive); // sees no tasks
}

TEST(Task, WithoutTheEndOfTheRunNothingIsNever) {
  std::vector<Evidence> evidence = traced({task(false, false, false)});
  EXPECT_EQ(judge(dropped(), evidence).judgement, Judgement::confirmed); // the run is over
  evidence[0].ended = false;
  EXPECT_EQ(judge(dropped(), evidence).judgement, Judgement::inconclusive);
}

TEST(Judges, AnUnknownCheckHasNone) { EXPECT_EQ(judge_of("unguarded-shared-state"), nullptr); }
