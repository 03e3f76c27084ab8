// The trace reader: what it gives, and that wrong input gets one clear line. Ticks of the builder are nanoseconds.
#include "timeline/picture.h"
#include "trace/reader.h"
#include "trace_builder.h"
#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace tenterhook;
using test::TraceBuilder;
using namespace runs;

namespace {

Run parsed(const std::string &bytes) {
  llvm::Expected<runs::Run> run = parse_trace(bytes, "run.trace");
  if (!run) {
    ADD_FAILURE() << llvm::toString(run.takeError());
    return {};
  }
  return std::move(*run);
}
std::string error_of(const std::string &bytes) {
  llvm::Expected<runs::Run> run = parse_trace(bytes, "run.trace");
  return run ? "" : llvm::toString(run.takeError());
}
std::string some_trace() {
  TraceBuilder trace;
  trace.thread(1, Role::loop, "loop");
  std::uint64_t place = trace.place("a.cpp", 7, "task<void> f()");
  trace.event(1, 100, Kind::task_new, 5, place, 0, TaskDetail{2, 0x40, 0x50, 0, 0});
  trace.event(1, 200, Kind::task_start, 5, place);
  return trace.finish(300);
}

TEST(TraceReader, EventsWithTimesPlacesAndDetails) {
  runs::Run run = parsed(some_trace());
  EXPECT_EQ(run.process, 4711u);
  EXPECT_EQ(run.length, 300);
  EXPECT_NEAR(run.ticks_per_nanosecond, 1, 1e-9);
  ASSERT_EQ(run.events.size(), 2u);
  EXPECT_EQ(run.events[0].time, 100);
  EXPECT_EQ(run.events[1].kind, Kind::task_start);
  ASSERT_TRUE(run.events[0].site.is_key);
  EXPECT_EQ(run.place(run.events[0].site.value)->line, 7u);
  EXPECT_EQ(run.place(run.events[0].site.value)->function, "task<void> f()");
  EXPECT_EQ(run.detail<TaskDetail>(run.events[0])->parent, 2u);
  EXPECT_FALSE(run.detail<TaskDetail>(run.events[1]));
  ASSERT_EQ(run.threads.size(), 1u);
  EXPECT_EQ(run.thread(1)->name, "loop");
  EXPECT_EQ(run.thread(1)->events, 2u);
  EXPECT_EQ(run.thread(2), nullptr);
  EXPECT_FALSE(run.is_incomplete());
  EXPECT_TRUE(run.notes.empty());
  EXPECT_TRUE(looks_like_trace(some_trace()));
}

TEST(TraceReader, EventsOfAllThreadsByTime) {
  TraceBuilder trace;
  trace.event(2, 50, Kind::lock, 1);
  trace.event(1, 40, Kind::lock, 2);
  trace.event(2, 60, Kind::lock, 3);
  trace.event(1, 60, Kind::lock, 4);
  runs::Run run = parsed(trace.finish(100));
  std::vector<std::uint64_t> order;
  for (const Event &event : run.events)
    order.push_back(event.object);
  EXPECT_EQ(order, (std::vector<std::uint64_t>{2, 1, 4, 3}));
}

TEST(TraceReader, TotalsOfOneKeyTheLastCounts) {
  TraceBuilder trace;
  trace.entry(Tag::reach, ReachTotal{0x10, 1, 0, 1, 2, 3, 4, 5, 6});
  trace.entry(Tag::reach, ReachTotal{0x10, 2, 0, 9, 9, 9, 9, 9, 9});
  trace.entry(Tag::reach, ReachTotal{0x10, 1, 0, 10, 20, 30, 40, 50, 60});
  LockEdge edge{1, 2, 3, 4, 0, 0, 1, 4, 5, 0};
  trace.entry(Tag::lock_edges, edge);
  edge.count = 7;
  trace.entry(Tag::lock_edges, edge);
  trace.entry(Tag::drops, DropTotal{1, 0, 3, 9});
  trace.entry(Tag::drops, DropTotal{1, 0, 8, 9});
  runs::Run run = parsed(trace.finish(10));
  ASSERT_EQ(run.reach.size(), 2u);
  EXPECT_EQ(run.reach[0].inside, 20u);
  ASSERT_EQ(run.lock_edges.size(), 1u);
  EXPECT_EQ(run.lock_edges[0].count, 7u);
  EXPECT_EQ(run.dropped, 8u);
  EXPECT_TRUE(run.is_incomplete());
  ASSERT_EQ(run.notes.size(), 1u);
  EXPECT_EQ(run.notes[0], "run.trace: 8 of 8 events were dropped because they came faster than they could be written; "
                          "totals are complete");
}

TEST(TraceReader, Tasks) {
  TraceBuilder trace;
  std::uint64_t place = trace.place("a.cpp", 7, "f"), await = trace.place("a.cpp", 9, "f");
  trace.event(1, 10, Kind::task_new, 5, place, 0, TaskDetail{3, 0, 0, 0, 0});
  trace.event(1, 20, Kind::task_start, 5, place);
  trace.event(1, 30, Kind::task_suspend, 5, await, 1);
  trace.event(2, 50, Kind::task_resume, 5, await);
  trace.event(2, 55, Kind::task_awaited, 5, place);
  trace.event(2, 70, Kind::task_done, 5, 0, 1);
  trace.event(2, 80, Kind::task_destroy, 5);
  trace.event(1, 90, Kind::task_new, 6, place, 0, TaskDetail{});
  trace.event(1, 95, Kind::task_destroy, 6, 0, std::uint32_t(TaskEnd::unstarted));
  trace.event(1, 96, Kind::task_resume, 7, await); // its beginning was not seen, nor its end
  runs::Run run = parsed(trace.finish(100));
  ASSERT_EQ(run.tasks.size(), 3u);
  const Task &task = *run.task(5);
  EXPECT_EQ(task.parent, 3u);
  EXPECT_TRUE(task.awaited);
  EXPECT_TRUE(task.with_exception);
  EXPECT_EQ(task.suspends, 1u);
  ASSERT_EQ(task.slices.size(), 2u);
  EXPECT_EQ(task.slices[0].begin, 20);
  EXPECT_EQ(task.slices[0].end, 30);
  EXPECT_EQ(task.slices[0].ended_at.value, await);
  EXPECT_EQ(task.slices[1].thread, 2u);
  EXPECT_EQ(task.slices[1].end, 70);
  EXPECT_EQ(run.task(6)->end, TaskEnd::unstarted);
  EXPECT_FALSE(run.task(6)->started);
  EXPECT_FALSE(run.task(7)->created);
  EXPECT_EQ(run.task(7)->slices[0].end, 100);
}

// Chunks of four threads, of many drains, that overlap in time; times repeat, and within a chunk they may go back.
std::string overlapping_trace(unsigned seed) {
  TraceBuilder trace;
  std::uint64_t random = seed * 2654435761u + 1, drained = 0;
  auto below = [&](std::uint64_t limit) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    return random % limit;
  };
  for (unsigned drain = 0; drain < 12; ++drain) {
    for (unsigned count = 0; count < 25; ++count) {
      std::uint32_t thread = 1 + std::uint32_t(below(4));
      std::uint64_t at = drained + below(200);
      switch (below(4)) {
      case 0: trace.event(thread, at, Kind::lock_wait, count, 0, 0, BlockDetail{below(99), 0, 0, -1, 0, 0}); break;
      case 1: trace.event(thread, at, Kind::stall, 0, 0, 0, StallDetail{below(300), 0, 0, 1 + below(2), 0}); break;
      default: trace.event(thread, at, Kind::lock, count);
      }
    }
    drained += 100;
    trace.flush(drained);
  }
  return trace.finish(2000);
}

TEST(TraceReader, WindowsOfAnyLengthAreTheWhole) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::string bytes = overlapping_trace(seed);
    runs::Run whole = parsed(bytes);
    ASSERT_TRUE(llvm::is_sorted(whole.events, [](const Event &a, const Event &b) { return a.time < b.time; }));
    for (std::size_t most : {1, 3, 64}) {
      llvm::Expected<TraceFile> file = open_trace(bytes, "run.trace");
      ASSERT_TRUE(bool(file));
      EXPECT_EQ(file->count(), whole.events.size());
      for (int round = 0; round < 2; ++round) {
        std::size_t at = 0;
        while (file->next(most)) {
          ASSERT_LE(file->run.events.size(), most);
          for (const Event &event : file->run.events) {
            ASSERT_LT(at, whole.events.size());
            const Event &same = whole.events[at++];
            EXPECT_EQ(std::tuple(event.time, event.object, event.kind, event.thread, event.detail != 0),
                      std::tuple(same.time, same.object, same.kind, same.thread, same.detail != 0));
            if (auto detail = file->run.detail<BlockDetail>(event))
              EXPECT_EQ(detail->duration, whole.detail<BlockDetail>(same)->duration);
          }
        }
        EXPECT_EQ(at, whole.events.size());
        file->rewind();
      }
    }
  }
}

TEST(TraceReader, ATraceThatBeginsLater) {
  std::string bytes = some_trace();
  llvm::Expected<TraceFile> file = open_trace(bytes, "run.trace");
  ASSERT_TRUE(bool(file));
  file->shift(1000);
  ASSERT_TRUE(file->next(10));
  EXPECT_EQ(file->run.events[0].time, 1100);
  EXPECT_EQ(file->run.length, 1300);
  EXPECT_EQ(file->run.thread(1)->first, 1100);
}

TEST(TraceReader, AStallThatIsWrittenWhileItLastsIsOne) {
  TraceBuilder trace;
  auto stall = [&](std::uint32_t thread, std::uint64_t begin, std::uint64_t end, std::uint64_t loop) {
    StallDetail detail{};
    detail.duration = end - begin;
    detail.loop = loop;
    trace.event(thread, end, Kind::stall, 0, 0, 0, detail);
  };
  stall(1, 100, 200, 7);
  stall(1, 300, 1300, 7);  // it lasts
  stall(2, 300, 1310, 7);  // another thread
  stall(1, 300, 1320, 8);  // another loop: the runtime's own
  stall(1, 300, 1800, 7);  // its end
  stall(1, 1900, 2900, 7); // one that never ended
  auto run = parsed(trace.finish(3000));
  std::vector<std::int64_t> ends;
  for (const Event &event : run.events)
    ends.push_back(event.time);
  EXPECT_EQ(ends, (std::vector<std::int64_t>{200, 1310, 1320, 1800, 2900}));
}

TEST(TraceReader, ClockOfAnotherRate) {
  TraceBuilder trace; // begins at tick 1000 = nanosecond 1000
  trace.event(1, 3000, Kind::lock, 1, 0, 0);
  trace.entry(Tag::records, Record{}, {}, 0); // a kind of nobody, counted
  std::string bytes;
  trace.flush(0); // not later than the beginning: left out
  trace.entry(Tag::clock, ClockPair{1000 + 6000, 1000 + 2000});
  runs::Run run = parsed(trace.bytes());
  EXPECT_NEAR(run.ticks_per_nanosecond, 3, 1e-9);
  EXPECT_EQ(run.events[0].time, 1000);
  EXPECT_EQ(run.nanoseconds(300), 100);
  EXPECT_EQ(run.unknown_records, 1u);
}

TEST(TraceReader, ClockThatJumped) { // the machine slept: ticks stood still, or another processor's counter
  TraceBuilder trace;
  trace.event(1, 1'000'000, Kind::lock, 1);
  trace.event(1, 2'500'000, Kind::lock, 2);
  trace.flush(0);
  trace.entry(Tag::clock, ClockPair{1000 + 2'000'000, 1000 + 2'000'000});
  trace.entry(Tag::clock, ClockPair{1000 + 3'000'000, 1000 + 902'000'000});
  runs::Run run = parsed(trace.bytes());
  EXPECT_EQ(run.events[0].time, 1'000'000);
  EXPECT_EQ(run.events[1].time, 2'000'000 + 450'000'000);
}

TEST(TraceReader, TornAtEveryByte) {
  std::string whole = some_trace();
  std::size_t events = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    llvm::Expected<runs::Run> run = parse_trace(llvm::StringRef(whole).take_front(size), "run.trace");
    if (size < sizeof(FileHeader)) {
      EXPECT_FALSE(bool(run)) << size;
      llvm::consumeError(run.takeError());
      continue;
    }
    ASSERT_TRUE(bool(run)) << size;
    EXPECT_TRUE(run->torn);
    ASSERT_EQ(run->notes.size(), 1u);
    EXPECT_GE(run->events.size(), events);
    events = run->events.size();
  }
  EXPECT_EQ(events, 2u);
}

TEST(TraceReader, WhatATornFileSays) {
  std::string whole = some_trace();
  runs::Run run = parsed(whole.substr(0, whole.size() - 3));
  EXPECT_EQ(run.notes[0], "run.trace: offset " + std::to_string(whole.size() - 24) +
                              ": the file ends within a chunk: the process was killed, or the disk was full; what was "
                              "written before is used");
  run = parsed(whole.substr(0, whole.size() - 24));
  EXPECT_EQ(run.notes[0], "run.trace: the trace has no end: the process was killed, or is still running; what was written "
                          "before is used");
}

TEST(TraceReader, WrongFiles) {
  EXPECT_EQ(error_of(""), "run.trace: the trace is empty: the program never started, or another one has just opened it; "
                          "record the run again");
  EXPECT_EQ(error_of("{\"version\": \"2.1.0\"}"),
            "run.trace: offset 0: not a trace of Tenterhook; name a file written by `tenterhook record` or by a program that "
            "ran with TENTERHOOK_TRACE");
  EXPECT_EQ(error_of(some_trace().substr(0, 20)), "run.trace: offset 20: the file ends within its header; record the run again");
  std::string newer = some_trace();
  newer[8] = 2;
  EXPECT_EQ(error_of(newer), "run.trace: offset 8: the trace has version 2, this tenterhook reads up to 1; use the tenterhook "
                             "that the program was built or recorded with");
  llvm::Expected<runs::Run> missing = read_trace("/nonexistent/run.trace");
  ASSERT_FALSE(bool(missing));
  EXPECT_EQ(llvm::toString(missing.takeError()),
            "/nonexistent/run.trace: cannot be read: No such file or directory; name a trace that `tenterhook record` or a "
            "program with TENTERHOOK_TRACE wrote");
}

TEST(TraceReader, AnotherOrderOfBytes) {
  std::string other = some_trace();
  std::reverse(other.begin() + 8, other.begin() + 12);
  EXPECT_EQ(error_of(other),
            "run.trace: offset 8: the trace was written by a machine with the other order of bytes; read it on one "
            "like that");
}

TEST(TraceReader, DropsThatAreNoNumberAnyMoreAreNotNone) {
  TraceBuilder trace;
  for (std::uint32_t thread : {1u, 2u})
    trace.entry(Tag::drops, DropTotal{thread, 0, std::uint64_t(1) << 63, 0});
  EXPECT_TRUE(parsed(trace.finish(1)).is_incomplete());
}

TEST(TraceReader, EveryDamagedByteIsSeenOrHarmless) {
  std::string whole = some_trace();
  for (std::size_t at = sizeof(FileHeader); at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = char(damaged[at] ^ 0x10);
    llvm::Expected<runs::Run> run = parse_trace(damaged, "run.trace");
    if (!run) {
      std::string said = llvm::toString(run.takeError());
      EXPECT_NE(said.find("the file was damaged after it was written: record the run again"), std::string::npos) << said;
      EXPECT_EQ(said.rfind("run.trace: offset ", 0), 0u) << said;
    } else // a chunk's tag, thread or size
      EXPECT_TRUE(run->torn || run->unknown_chunks || run->events.size() <= 2);
  }
}

TEST(TraceReader, EntriesThatLieAboutTheirSize) {
  TraceBuilder strings, records, stacks;
  strings.entry(Tag::strings, StringEntry{1, 0xffffffff}, "abc");
  EXPECT_NE(error_of(strings.bytes()).find("an entry is longer than its chunk"), std::string::npos);
  records.record(1, {1, 2, 3, 4, std::uint16_t(Kind::lock), 9});
  records.flush(1);
  EXPECT_NE(error_of(records.bytes()).find("an entry is longer than its chunk"), std::string::npos);
  stacks.entry(Tag::stacks, StackEntry{1, 0x7fffffff});
  EXPECT_NE(error_of(stacks.bytes()).find("an entry is longer than its chunk"), std::string::npos);
}

TEST(TraceReader, WhatNobodyKnowsIsCounted) {
  TraceBuilder trace;
  trace.event(1, 10, Kind(999), 1);
  trace.event(1, 20, Kind::lock, 1);
  trace.flush(30);
  trace.entry(Tag(77), std::uint64_t(5));
  runs::Run run = parsed(trace.finish(40));
  EXPECT_EQ(run.events.size(), 1u);
  EXPECT_EQ(run.unknown_records, 1u);
  EXPECT_EQ(run.unknown_chunks, 1u);
  ASSERT_EQ(run.notes.size(), 1u);
  EXPECT_EQ(run.notes[0], "run.trace: 1 records and 1 chunks are of kinds that this tenterhook does not know");
}

TEST(TraceReader, SettingsMayBeShorterOrLonger) {
  TraceBuilder trace;
  std::uint64_t two[2] = {5, 6};
  trace.entry(Tag::settings, two);
  EXPECT_EQ(parsed(trace.finish(1)).settings.stall_threshold, 6u);
  TraceBuilder longer;
  std::uint64_t nine[9] = {5, 6, 0, 0, 0, 0, 1, 2, 3};
  longer.entry(Tag::settings, nine);
  EXPECT_EQ(parsed(longer.finish(1)).settings.block_threshold, 5u);
}

} // namespace

// --- drawing ---------------------------------------------------------------------------------------------------------

namespace {

timeline::Picture drawn(const std::string &bytes) {
  llvm::Expected<runs::TraceFile> file = runs::open_trace(bytes, "run.trace");
  EXPECT_TRUE(bool(file));
  return timeline::draw(*file);
}

} // namespace

// Ends that were dropped: what stays open is not looked through for each later event, nor drawn to the trace's end.
TEST(Timeline, StartsWithoutEnds) {
  TraceBuilder trace;
  trace.thread(1, Role::main, "main");
  for (std::uint64_t i = 0; i < 200; ++i)
    trace.event(1, 10 * i, Kind::task_start, i + 1);
  timeline::Picture picture = drawn(trace.finish(5000));
  const std::vector<timeline::Span> &spans = picture.lanes.at(0).runs;
  ASSERT_EQ(spans.size(), 200u);
  EXPECT_EQ(std::tuple(spans[0].begin, spans[0].end), std::tuple(0, 10)); // to the next task
  EXPECT_EQ(spans[135].end, 1360);
  EXPECT_EQ(spans[136].end, 5000);
  EXPECT_EQ(spans[199].end, 5000);
}

// A stall says what ran in it; of stalls that a made-up trace lays over one another not all do.
TEST(Timeline, StallsOnTopOfOneAnother) {
  auto told = [](std::uint64_t stalls) {
    TraceBuilder trace;
    trace.thread(1, Role::loop, "loop");
    for (std::uint64_t i = 0; i < 1000; ++i) {
      trace.event(1, 10 * i, Kind::task_start, 1);
      trace.event(1, 10 * i + 10, Kind::task_suspend, 1);
    }
    for (std::uint64_t i = 0; i < stalls; ++i)
      trace.event(1, 10010 + i, Kind::stall, 0, 0, 0, StallDetail{10000, 0, 0, i + 1, 0});
    timeline::Picture picture = drawn(trace.finish(20000));
    return llvm::count_if(picture.lanes.at(0).stalls, [&](const timeline::Span &stall) {
      return llvm::StringRef(picture.strings[picture.captions[stall.caption].note]).contains("in it ran task 1, ");
    });
  };
  EXPECT_EQ(told(3), 3);
  EXPECT_GT(told(100), 3);
  EXPECT_LT(told(100), 40);
}

TEST(Timeline, TheStackOfARace) {
  TraceBuilder trace;
  trace.thread(1, Role::main, "main");
  trace.event(1, 10, Kind::race, 77, 0, 0, StackDetail{trace.stack({0x1234}), 2, {}});
  timeline::Picture picture = drawn(trace.finish(20));
  EXPECT_NE(picture.captions[picture.lanes.at(0).stalls.at(0).caption].stack, 0u);
}
