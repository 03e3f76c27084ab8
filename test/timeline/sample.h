// A made-up run in which everything happens that a timeline draws: an event loop, two workers, tasks that await each
// other, a blocking call and the stall it makes, locks (one held across a suspension, one waited for), work handed
// over, a task that was never started, dropped events.
#ifndef TENTERHOOK_TEST_TIMELINE_SAMPLE_H
#define TENTERHOOK_TEST_TIMELINE_SAMPLE_H

#include "trace_builder.h"
#include <algorithm>

namespace tenterhook::test {

inline std::string sample_trace() {
  constexpr std::uint64_t us = 1000, ms = 1000 * us;
  TraceBuilder trace;
  trace.thread(1, Role::loop, "server");
  trace.thread(2, Role::worker, "pool-0");
  trace.thread(3, Role::worker, "pool-1");
  std::uint64_t serve = trace.place("src/server.cpp", 41, "tenterhook::task<void> server::serve(tenterhook::event_loop &)");
  std::uint64_t handle = trace.place("src/server.cpp", 58, "tenterhook::task<void> server::handle(connection)");
  std::uint64_t query = trace.place("src/store.cpp", 20, "tenterhook::task<row> store::query(std::string_view)");
  std::uint64_t audit = trace.place("src/audit.cpp", 9, "tenterhook::task<void> audit(std::string)");
  std::uint64_t await = trace.place("src/server.cpp", 63, "tenterhook::task<void> server::handle(connection)");
  std::uint64_t guard = trace.place("src/store.cpp", 24, "tenterhook::task<row> store::query(std::string_view)");
  std::uint64_t submit = trace.place("src/store.cpp", 31, "tenterhook::task<row> store::query(std::string_view)");
  std::uint64_t wait = trace.place("runtime/src/event_loop.cpp", 120, "void tenterhook::event_loop::run()");
  std::uint32_t read = trace.string("read");
  std::uint32_t stack = trace.stack({0x10, 0x20, 0x30});
  trace.event(1, 10 * us, Kind::loop_enter, 1, wait);
  trace.event(2, 12 * us, Kind::worker_enter, 2, wait);
  trace.event(3, 15 * us, Kind::worker_enter, 2, wait);
  std::uint64_t id = 1;
  trace.event(1, 20 * us, Kind::task_new, id, serve, 0, TaskDetail{0, 0, 0x500000, 0, 0});
  trace.event(1, 21 * us, Kind::task_start, id, serve);
  for (unsigned round = 0; round < 24; ++round) {
    std::uint64_t now = 100 * us + round * 400 * us;
    std::uint64_t task = ++id, child = ++id, work = 1000 + round;
    trace.event(1, now, Kind::task_new, task, handle, 0, TaskDetail{1, 0, 0x600000 + task * 256, 0, 0});
    trace.event(1, now + 2 * us, Kind::task_suspend, 1, serve, std::uint32_t(Wait::descriptor));
    trace.event(1, now + 3 * us, Kind::task_start, task, handle);
    trace.event(1, now + 30 * us, Kind::task_new, child, query, 0, TaskDetail{task, 0, 0x600000 + child * 256, 0, 0});
    trace.event(1, now + 32 * us, Kind::task_awaited, child, await);
    trace.event(1, now + 33 * us, Kind::task_suspend, task, await, std::uint32_t(Wait::task));
    trace.event(1, now + 34 * us, Kind::task_start, child, query);
    trace.event(1, now + 40 * us, Kind::lock, 0x7f0010, guard);
    trace.event(1, now + 60 * us, Kind::submit, work, submit, 2);
    if (round % 6 == 4) {
      trace.event(1, now + 62 * us, Kind::held_at_suspend, 0x7f0010, submit, std::uint32_t(Wait::executor),
                  HeldDetail{TraceBuilder::begin + now + 40 * us, guard, 0, stack, 1, acquired_is_key});
    } else
      trace.event(1, now + 61 * us, Kind::unlock, 0x7f0010, guard);
    trace.event(1, now + 63 * us, Kind::task_suspend, child, submit, std::uint32_t(Wait::executor));
    std::uint32_t worker = 2 + round % 2;
    trace.event(worker, now + 75 * us, Kind::work_start, work);
    if (round % 3 == 1) { // the other worker has the lock
      trace.event(5 - worker, now + 100 * us, Kind::lock, 0x7f0040, guard);
      trace.event(5 - worker, now + 149 * us, Kind::unlock, 0x7f0040, guard);
      trace.event(worker, now + 150 * us, Kind::lock_wait, 0x7f0040, guard, 0, BlockDetail{45 * us, stack, on_worker, -1, 0, 0});
    }
    trace.event(worker, now + 210 * us, Kind::work_end, work);
    trace.event(1, now + 90 * us, Kind::loop_wait, 1, wait, round % 6 == 4);
    trace.event(1, now + 215 * us, Kind::loop_wake, 1);
    trace.event(1, now + 216 * us, Kind::task_resume, child, submit);
    if (round % 6 == 4)
      trace.event(1, now + 218 * us, Kind::unlock, 0x7f0010, guard);
    if (round == 9) { // a read from a slow pipe keeps the loop
      std::uint64_t end = now + 220 * us + 6 * ms;
      trace.event(1, end, Kind::block, child, guard, read, BlockDetail{6 * ms, stack, in_coroutine | on_loop_thread, 7, 0, 0});
      trace.event(1, end + 2 * us, Kind::stall, child, query, 0, StallDetail{6 * ms + 4 * us, stack, in_coroutine, 1, 0});
    }
    trace.event(1, now + 230 * us + (round == 9 ? 6 * ms : 0), Kind::task_done, child);
    if (round < 9 || round > 24) {
      trace.event(1, now + 232 * us, Kind::task_resume, task, await);
      trace.event(1, now + 260 * us, Kind::task_done, task);
      trace.event(1, now + 262 * us, Kind::task_destroy, child);
      trace.event(1, now + 263 * us, Kind::task_destroy, task);
      trace.event(1, now + 265 * us, Kind::task_resume, 1, serve);
    }
    if (round == 9)
      break;
  }
  std::uint64_t now = 12 * ms;
  trace.event(1, now + 7, Kind::task_new, 900, audit, 0, TaskDetail{1, 0, 0x900000, stack, 0});
  trace.event(1, now + 30 * us, Kind::task_destroy, 900, audit, std::uint32_t(TaskEnd::unstarted), StackDetail{stack, 1, {}});
  trace.event(1, now + 500 * us, Kind::loop_leave, 1);
  trace.entry(Tag::drops, DropTotal{3, 0, 17, 40});
  return trace.finish(13 * ms);
}

// Threads by the dozen: 50 live for a moment each, three at a time, and block once; 20 more do nothing that is recorded;
// five have names of their own but for a number; and two live as long as the run.
inline std::string crowd_trace() {
  constexpr std::uint64_t ms = 1'000'000;
  TraceBuilder trace;
  std::uint32_t read = trace.string("read");
  trace.thread(1, Role::loop, "server");
  trace.event(1, 0, Kind::loop_enter, 1);
  trace.event(1, 900 * ms, Kind::stall, 0, 0, 0, StallDetail{120 * ms, 0, 0, 1, 0});
  for (std::uint32_t i = 0; i < 50; ++i) {
    trace.thread(10 + i, Role::unknown, "job");
    trace.event(10 + i, (i + 3) * 10 * ms, Kind::block, 0, 0, read, BlockDetail{8 * ms, 0, 0, -1, 0, 0});
    trace.event(10 + i, (i + 5) * 10 * ms, Kind::block, 0, 0, read, BlockDetail{5 * ms, 0, 0, -1, 0, 0});
  }
  for (std::uint32_t i = 0; i < 20; ++i)
    trace.thread(100 + i, Role::unknown, "job");
  for (std::uint32_t i = 0; i < 5; ++i) {
    trace.thread(200 + i, Role::worker, "pool-" + std::to_string(i));
    trace.event(200 + i, (i + 3) * 20 * ms, Kind::block, 0, 0, read, BlockDetail{15 * ms, 0, 0, -1, 0, 0});
  }
  for (std::uint32_t i = 0; i < 2; ++i) {
    trace.thread(300 + i, Role::worker, "job");
    for (std::uint64_t at : {20, 990})
      trace.event(300 + i, at * ms, Kind::block, 0, 0, read, BlockDetail{15 * ms, 0, 0, -1, 0, 0});
  }
  return trace.finish(1000 * ms);
}

// `count` events of tasks on eight threads.
inline std::string large_trace(std::uint64_t count) {
  TraceBuilder trace;
  std::uint64_t places[16];
  for (unsigned i = 0; i < 16; ++i)
    places[i] = trace.place("src/work.cpp", 10 + i, "task<int> step_" + std::to_string(i) + "(int)");
  for (std::uint32_t thread = 1; thread <= 8; ++thread)
    trace.thread(thread, Role::worker, "worker " + std::to_string(thread));
  std::uint64_t id = 0, seed = 88172645463325252u, time[9] = {};
  for (std::uint64_t made = 0; made < count; made += 4) {
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    std::uint32_t thread = 1 + std::uint32_t(seed % 8);
    std::uint64_t &at = time[thread], site = places[(seed >> 8) % 16], length = 200 + (seed >> 20) % 3000;
    ++id;
    trace.event(thread, at, Kind::task_new, id, site, 0, TaskDetail{});
    trace.event(thread, at + 50, Kind::task_start, id, site);
    trace.event(thread, at + length, Kind::task_done, id);
    trace.event(thread, at + length + 20, Kind::task_destroy, id);
    at += length + 100 + (seed >> 40) % 500;
    if (made % 4096 == 0)
      trace.flush(at);
  }
  return trace.finish(*std::max_element(time, time + 9));
}

} // namespace tenterhook::test

#endif
