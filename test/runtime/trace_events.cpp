// What the coroutine half leaves in a trace: identity, parents, the lines of awaits, who created a discarded task, stalls.
#include "coroutine_test.h"
#include "own_trace.h"
#include "trace/share.h"

#include <tenterhook/when_all.h>

#include <algorithm>
#include <set>
#include <thread>

using namespace coroutine_test;
namespace trace = tenterhook::trace;

namespace {

using tenterhook::test::trace_event;
using tenterhook::test::trace_file;

// Runs `body` on a loop with tracing on.
trace_file record(task<> (*body)(), std::chrono::nanoseconds threshold = 0ns) {
  return tenterhook::test::trace_of([&] {
    event_loop loop({threshold, [](const slow_callback &) {}});
    loop.run_until_complete(body());
  });
}

constexpr unsigned leaf_line = __LINE__ + 1;
task<int> leaf() { co_return 1; }
constexpr unsigned await_line = __LINE__ + 2;
task<> awaits_leaf() {
  co_await leaf();
  co_await sleep_for(1ms);
}

TEST(TraceEvents, TasksHaveParentsPlacesAndALife) {
  trace_file seen = record(awaits_leaf);
  std::vector<trace_event> made = seen.of(trace::Kind::task_new);
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[1].line, leaf_line);
  EXPECT_EQ(made[1].as<trace::TaskDetail>().parent, made[0].object);
  EXPECT_NE(made[1].as<trace::TaskDetail>().creator, 0u);
  EXPECT_EQ(made[0].as<trace::TaskDetail>().parent, 0u);
  std::vector<trace_event> suspended = seen.of(trace::Kind::task_suspend), resumed = seen.of(trace::Kind::task_resume);
  ASSERT_EQ(suspended.size(), 2u);
  ASSERT_EQ(resumed.size(), 2u);
  for (unsigned i = 0; i < 2; ++i) {
    EXPECT_EQ(suspended[i].line, await_line + i);
    EXPECT_EQ(resumed[i].line, await_line + i);
    EXPECT_EQ(suspended[i].object, made[0].object);
  }
  EXPECT_EQ(trace::Wait(suspended[0].arg), trace::Wait::task);
  EXPECT_EQ(trace::Wait(suspended[1].arg), trace::Wait::timer);
  EXPECT_EQ(seen.of(trace::Kind::task_start).size(), 2u);
  EXPECT_EQ(seen.of(trace::Kind::task_done).size(), 2u);
  EXPECT_EQ(seen.of(trace::Kind::task_awaited).size(), 2u);
  EXPECT_EQ(seen.of(trace::Kind::task_destroy).size(), 2u);
  EXPECT_EQ(seen.of(trace::Kind::loop_enter).size(), 1u);
  EXPECT_EQ(seen.of(trace::Kind::loop_leave).size(), 1u);
  EXPECT_GE(seen.of(trace::Kind::loop_wait).size(), 1u);
  EXPECT_EQ(seen.of(trace::Kind::loop_wait).size(), seen.of(trace::Kind::loop_wake).size());
}

task<> discards() {
  (void)leaf();
  co_return;
}

TEST(TraceEvents, DiscardedTaskIsDestroyedUnstartedWithAStack) {
  trace_file seen = record(discards);
  std::vector<trace_event> made = seen.of(trace::Kind::task_new);
  ASSERT_EQ(made.size(), 2u);
  std::uint64_t dropped = made[1].object;
  bool destroyed = false;
  for (const trace_event &each : seen.of(trace::Kind::task_destroy))
    if (each.object == dropped) {
      destroyed = true;
      EXPECT_EQ(trace::TaskEnd(each.arg), trace::TaskEnd::unstarted);
      EXPECT_NE(each.as<trace::StackDetail>().stack, 0u);
    }
  EXPECT_TRUE(destroyed);
  for (const trace_event &each : seen.of(trace::Kind::task_awaited))
    EXPECT_NE(each.object, dropped);
}

constexpr unsigned stall_line = __LINE__ + 2;
task<> stalls() {
  co_await yield();
  std::this_thread::sleep_for(30ms);
}

TEST(TraceEvents, AStallNamesItsTaskAndAwait) {
  trace_file seen = record(stalls, 10ms);
  std::vector<trace_event> stall = seen.of(trace::Kind::stall);
  // On a busy machine other slices may be slow too.
  auto named = std::find_if(stall.begin(), stall.end(), [](const trace_event &each) { return each.line == stall_line; });
  ASSERT_NE(named, stall.end());
  EXPECT_EQ(named->object, seen.of(trace::Kind::task_new)[0].object);
}

TEST(TraceEvents, AStallOfACallbackIsWhereItWasGiven) {
  unsigned soon = 0, later = 0;
  trace_file seen = tenterhook::test::trace_of([&] {
    event_loop loop({20ms, [](const slow_callback &) {}});
    soon = __LINE__ + 1;
    loop.call_soon([] { std::this_thread::sleep_for(30ms); });
    later = __LINE__ + 1;
    (void)loop.call_later(1ms, [&] { std::this_thread::sleep_for(30ms), loop.stop(); });
    loop.run();
  });
  std::set<unsigned> lines;
  for (const trace_event &each : seen.of(trace::Kind::stall)) {
    lines.insert(each.line);
    EXPECT_EQ(each.object, 0u);
  }
  EXPECT_TRUE(lines.count(soon));
  EXPECT_TRUE(lines.count(later));
}

TEST(TraceEvents, TheFileSaysFromWhenOnASliceIsAStall) {
  trace::set_thresholds(1'000'000, 0); // forgets the loops of before
  constexpr std::uint64_t hours = 3'600'000'000'000;
  trace_file one = tenterhook::test::trace_of([] {
    event_loop most{{2h, {}}};
    event_loop less{{1h, {}}};
    event_loop none{{0h, {}}};
  });
  EXPECT_EQ(one.settings.stall_threshold, 2 * hours);
  trace_file later = tenterhook::test::trace_of([] { event_loop loop{{3h, {}}}; });
  EXPECT_EQ(later.settings.stall_threshold, 3 * hours);
}

// An awaitable that fails in one of its three steps; what was suspended goes on.
struct fails_in {
  enum step { ready, suspend, suspend_at_all, resume } where;
  bool await_ready() const {
    if (where == ready)
      throw std::runtime_error("planned");
    return false;
  }
  bool await_suspend(std::coroutine_handle<> self) const {
    if (where == suspend)
      throw std::runtime_error("planned");
    if (where == suspend_at_all)
      event_loop::current()->call_soon([self] { self.resume(); });
    return where == suspend_at_all;
  }
  void await_resume() const { throw std::runtime_error("planned"); }
};
task<> awaits_what_fails() {
  const std::uint64_t self = current_task();
  EXPECT_NE(self, 0u);
  for (auto step : {fails_in::ready, fails_in::suspend, fails_in::suspend_at_all, fails_in::resume}) {
    bool thrown = false;
    try {
      co_await fails_in{step};
    } catch (const std::runtime_error &) {
      thrown = true;
    }
    EXPECT_TRUE(thrown);
    EXPECT_EQ(current_task(), self) << step;
  }
  co_await leaf(); // whose parent is this one
}

TEST(TraceEvents, AnAwaitableThatThrowsLeavesItsTaskRunning) {
  trace_file seen = record(awaits_what_fails);
  std::vector<trace_event> made = seen.of(trace::Kind::task_new);
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[1].as<trace::TaskDetail>().parent, made[0].object);
  EXPECT_EQ(seen.of(trace::Kind::task_suspend).size(), 4u) << "all but the one that failed before";
  EXPECT_EQ(seen.of(trace::Kind::task_resume).size(), 4u);
}

task<> posts() {
  event_loop::current()->call_soon([] { EXPECT_EQ(current_task(), 0u); });
  EXPECT_NE(current_task(), 0u);
  co_await sleep_for(1ms);
}

TEST(TraceEvents, WorkIsSubmittedStartedAndEnded) {
  trace_file seen = record(posts);
  std::vector<trace_event> submitted = seen.of(trace::Kind::submit);
  ASSERT_EQ(submitted.size(), 1u);
  ASSERT_EQ(seen.of(trace::Kind::work_start).size(), 1u);
  ASSERT_EQ(seen.of(trace::Kind::work_end).size(), 1u);
  EXPECT_EQ(seen.of(trace::Kind::work_start)[0].object, submitted[0].object);
  EXPECT_EQ(seen.of(trace::Kind::work_end)[0].object, submitted[0].object);
}

} // namespace
