// What the traced locks, waits and pools leave in the trace: places, waits, lock order with gates, locks held at a
// suspension, unlocks by another thread, blocking calls, and work.
#include "own_trace.h"

#include <tenterhook/as_completed.h>
#include <tenterhook/blocking_queue.h>
#include <tenterhook/condition_variable.h>
#include <tenterhook/held_locks.h>
#include <tenterhook/mutex.h>
#include <tenterhook/shared_mutex.h>
#include <tenterhook/thread_pool.h>

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace tenterhook;
using test::trace_event;
using test::trace_file;
using test::trace_of;
using trace::Kind;

namespace {

std::uint64_t address(const void *lock) { return reinterpret_cast<std::uint64_t>(lock); }
bool has_edge(const trace_file &read, const void *first, const void *second) {
  return read.edges.count({address(first), address(second)}) != 0;
}

TEST(TracedLocks, GuardsNameTheLineThatLocks) {
  tenterhook::mutex m;
  tenterhook::shared_mutex s;
  unsigned lines[6];
  trace_file read = trace_of([&] {
    {
      std::lock_guard guard(m);
      lines[0] = __LINE__ - 1;
    }
    {
      std::unique_lock guard(m);
      lines[1] = __LINE__ - 1;
    }
    {
      std::scoped_lock guard(m);
      lines[2] = __LINE__ - 1;
    }
    {
      std::unique_lock guard(m, std::try_to_lock);
      lines[3] = __LINE__ - 1;
    }
    m.lock();
    lines[4] = __LINE__ - 1;
    m.unlock();
    lines[5] = __LINE__ - 1;
    {
      std::shared_lock guard(s);
    }
    {
      std::lock_guard guard(s);
    }
  });
  std::vector<trace_event> locks = read.of(Kind::lock, &m), unlocks = read.of(Kind::unlock, &m);
  ASSERT_EQ(locks.size(), 5u);
  ASSERT_EQ(unlocks.size(), 5u);
  for (int i = 0; i != 5; ++i) {
    EXPECT_EQ(locks[i].line, lines[i]);
    EXPECT_NE(read.files[locks[i].site].find("held_locks.cpp"), std::string::npos);
    EXPECT_EQ(locks[i].arg, 0u);
  }
  EXPECT_EQ(unlocks[4].line, lines[5]);
  std::vector<trace_event> shared = read.of(Kind::lock, &s);
  ASSERT_EQ(shared.size(), 2u);
  EXPECT_EQ(shared[0].arg, 1u);
  EXPECT_EQ(shared[1].arg, 0u);
  EXPECT_TRUE(read.of(Kind::lock_wait).empty());
  EXPECT_TRUE(read.edges.empty());
}

// A thread that says when it is about to wait. Until then it must have no other reason to sleep.
class announced {
public:
  void about_to_wait() {
    (void)trace::thread_index(); // the first event of a thread may wait
    id_ = int(gettid());
  }
  // Returns when it sleeps, however busy the machine is.
  void until_it_waits() const {
    while (id_ == 0)
      std::this_thread::yield();
    for (std::string status; status.find(") S ") == std::string::npos; std::this_thread::yield()) {
      std::ifstream in("/proc/self/task/" + std::to_string(id_) + "/stat");
      ASSERT_TRUE(std::getline(in, status));
    }
  }

private:
  std::atomic<int> id_ = 0;
};

TEST(TracedLocks, WaitsHaveTheirDuration) {
  tenterhook::mutex m;
  tenterhook::shared_mutex s;
  trace_file read = trace_of([&] {
    std::unique_lock held(m);
    std::unique_lock writer(s);
    announced waits, reads;
    std::jthread waiting([&] {
      waits.about_to_wait();
      std::lock_guard guard(m);
    });
    std::jthread reading([&] {
      reads.about_to_wait();
      std::shared_lock guard(s);
    });
    waits.until_it_waits();
    reads.until_it_waits();
    std::this_thread::sleep_for(20ms);
    held.unlock();
    writer.unlock();
  });
  for (const void *lock : {static_cast<const void *>(&m), static_cast<const void *>(&s)}) {
    std::vector<trace_event> waits = read.of(Kind::lock_wait, lock);
    ASSERT_EQ(waits.size(), 1u);
    EXPECT_GT(waits[0].as<trace::BlockDetail>().duration, 1'000'000u) << "ticks in 20 ms";
  }
}

TEST(TracedLocks, OrderAndGates) {
  tenterhook::mutex a, b, gate;
  tenterhook::shared_mutex shared;
  tenterhook::recursive_mutex recursive;
  trace_file read = trace_of([&] {
    {
      std::lock_guard one(a);
      std::lock_guard two(b);
    }
    {
      std::lock_guard zero(gate);
      std::lock_guard one(b);
      std::lock_guard two(a);
    }
    {
      std::lock_guard one(a);
      (void)shared.try_lock();
      shared.unlock();
    }
    {
      std::shared_lock zero(shared);
      std::lock_guard one(gate);
      std::lock_guard two(a);
    }
    {
      std::lock_guard one(recursive);
      std::lock_guard again(recursive);
      std::lock_guard two(a);
    }
  });
  ASSERT_TRUE(has_edge(read, &a, &b));
  ASSERT_TRUE(has_edge(read, &b, &a));
  EXPECT_EQ((read.edges[{address(&a), address(&b)}].gate), 0u);
  EXPECT_EQ((read.edges[{address(&b), address(&a)}].gate), address(&gate));
  EXPECT_TRUE(has_edge(read, &gate, &b));
  EXPECT_FALSE(has_edge(read, &a, &shared)) << "a try_lock cannot wait";
  EXPECT_TRUE(has_edge(read, &shared, &gate));
  EXPECT_EQ((read.edges[{address(&gate), address(&a)}].gate & ~address(&b)), 0u) << "a shared lock is no gate";
  EXPECT_TRUE(has_edge(read, &recursive, &a));
  EXPECT_FALSE(has_edge(read, &recursive, &recursive));
  EXPECT_EQ(read.of(Kind::lock, &recursive).size(), 1u) << "the outermost alone";
  EXPECT_EQ(read.of(Kind::unlock, &recursive).size(), 1u);
}

TEST(TracedLocks, TheEdgeOfADeadlockIsThereBeforeIt) {
  tenterhook::mutex a, b;
  trace_file read = trace_of([&] {
    std::unique_lock held(b);
    announced waits;
    std::jthread waiting([&] {
      std::lock_guard one(a);
      waits.about_to_wait();
      std::lock_guard two(b);
    });
    waits.until_it_waits();
    trace::flush();
    EXPECT_TRUE(has_edge(test::trace_file::read(test::own_trace_path()), &a, &b));
    held.unlock();
  });
  EXPECT_TRUE(has_edge(read, &a, &b));
}

TEST(HeldLocks, AreToldAtASuspensionAndAtTheLoopsWait) {
  tenterhook::mutex m;
  tenterhook::shared_mutex s;
  unsigned line = 0;
  std::source_location await = std::source_location::current();
  trace_file read = trace_of([&] {
    note_suspend(await, trace::Wait::timer);
    EXPECT_EQ(note_loop_wait(), 0u);
    std::lock_guard guard(m);
    line = __LINE__ - 1;
    {
      std::shared_lock reader(s);
      EXPECT_EQ(held_lock_count(), 2u);
      note_suspend(await, trace::Wait::timer);
    }
    EXPECT_EQ(note_loop_wait(), 1u);
    std::jthread([] { EXPECT_EQ(held_lock_count(), 0u); }).join();
  });
  EXPECT_EQ(held_lock_count(), 0u);
  ASSERT_EQ(read.of(Kind::held_at_suspend).size(), 2u);
  trace_event suspended = read.of(Kind::held_at_suspend, &m).at(0);
  EXPECT_EQ(suspended.line, await.line());
  EXPECT_EQ(suspended.arg, std::uint32_t(trace::Wait::timer));
  auto detail = suspended.as<trace::HeldDetail>();
  EXPECT_EQ(detail.flags, trace::acquired_is_key);
  EXPECT_EQ(read.lines[detail.acquired_site], line);
  EXPECT_EQ(detail.owner, suspended.thread);
  ASSERT_EQ(read.of(Kind::held_at_wait).size(), 1u);
  EXPECT_EQ(read.of(Kind::held_at_wait, &m).at(0).line, line);
}

TEST(HeldLocks, UnlockedOutOfOrder) {
  tenterhook::mutex a, b, c;
  trace_file read = trace_of([&] {
    a.lock();
    b.lock();
    a.unlock();
    EXPECT_EQ(held_lock_count(), 1u);
    c.lock();
    b.unlock();
    c.unlock();
    EXPECT_EQ(held_lock_count(), 0u);
  });
  EXPECT_TRUE(has_edge(read, &b, &c));
  EXPECT_FALSE(has_edge(read, &a, &c));
}

TEST(HeldLocks, MoreThanTheListHolds) {
  std::vector<std::unique_ptr<tenterhook::mutex>> locks;
  for (int i = 0; i != 40; ++i)
    locks.push_back(std::make_unique<tenterhook::mutex>());
  trace_file read = trace_of([&] {
    for (auto &each : locks)
      each->lock();
    EXPECT_EQ(held_lock_count(), 32u);
    for (auto &each : locks)
      each->unlock();
    EXPECT_EQ(held_lock_count(), 0u);
  });
  EXPECT_EQ(read.of(Kind::lock).size(), 40u);
  EXPECT_EQ(read.of(Kind::unlock).size(), 40u);
  EXPECT_TRUE(read.of(Kind::foreign_unlock).empty());
}

TEST(HeldLocks, TracingThatBeginsOrEndsWhileALockIsHeld) {
  tenterhook::mutex before, across;
  before.lock();
  trace_file read = trace_of([&] {
    before.unlock();
    across.lock();
  });
  EXPECT_EQ(held_lock_count(), 1u);
  across.unlock();
  EXPECT_EQ(held_lock_count(), 0u);
  EXPECT_TRUE(read.of(Kind::unlock, &before).empty());
  EXPECT_TRUE(read.of(Kind::foreign_unlock).empty());
}

#if defined(__SANITIZE_THREAD__)
#define UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_TSAN 1
#endif
#endif
#if !defined(UNDER_TSAN)
// Undefined for std::mutex too; what a coroutine does that goes on on another thread with a guard in its frame.
TEST(HeldLocks, UnlockedByAnotherThread) {
  tenterhook::mutex m;
  unsigned line = 0;
  trace_file read = trace_of([&] {
    m.lock();
    line = __LINE__ - 1;
    std::jthread([&] { m.unlock(); }).join();
    EXPECT_EQ(held_lock_count(), 0u) << "nobody holds it any more";
  });
  ASSERT_EQ(read.of(Kind::foreign_unlock, &m).size(), 1u);
  trace_event unlock = read.of(Kind::foreign_unlock, &m)[0];
  auto detail = unlock.as<trace::HeldDetail>();
  EXPECT_EQ(read.lines[detail.acquired_site], line);
  EXPECT_EQ(detail.owner, read.of(Kind::lock, &m)[0].thread);
  EXPECT_NE(unlock.thread, detail.owner);
}
#endif

TEST(BlockingCalls, AreCountedAndLeaveEventsIfTheyWaited) {
  blocking_queue<int> q;
  unsigned waits = 0, does_not = 0;
  trace_file read = trace_of([&] {
    (void)q.get_for(15ms);
    waits = __LINE__ - 1;
    q.put(1);
    for (int i = 0; i != 3; ++i) {
      q.put(2);
      (void)q.get();
      does_not = __LINE__ - 1;
    }
    promise<int> made;
    future<int> result = made.get_future();
    (void)result.wait_for(1ms);
    tenterhook::mutex m;
    tenterhook::condition_variable never;
    std::unique_lock lock(m);
    (void)never.wait_for(lock, 1ms);
  });
  std::vector<trace_event> blocks = read.of(Kind::block);
  auto named = [&](const std::string &name) {
    return std::count_if(blocks.begin(), blocks.end(), [&](const trace_event &each) { return read.strings[each.arg] == name; });
  };
  ASSERT_EQ(named("tenterhook::blocking_queue::get_for"), 1);
  EXPECT_EQ(blocks[0].line, waits);
  EXPECT_EQ(blocks[0].as<trace::BlockDetail>().flags, 0u);
  EXPECT_EQ(named("tenterhook::future::wait_for"), 1);
  EXPECT_EQ(named("tenterhook::condition_variable::wait_until"), 1);
  EXPECT_EQ(named("tenterhook::blocking_queue::get"), 0) << "did not wait";
  std::uint64_t reached = 0;
  for (const auto &[key, each] : read.reach)
    if (read.strings[each.function] == "tenterhook::blocking_queue::get" && read.lines[each.site] == does_not)
      reached += each.outside;
  EXPECT_EQ(reached, 3u);
}

TEST(TracedPools, WorkThreadsAndWaits) {
  unsigned submitted = 0, waited = 0;
  trace_file read = trace_of([&] {
    thread_pool pool(2, "traced");
    pool.submit([&] {
          announced waits;
          future<int> inner = pool.submit([&] {
            waits.until_it_waits();
            return 1;
          });
          submitted = __LINE__ - 1;
          waits.about_to_wait();
          inner.get();
          waited = __LINE__ - 1;
        })
        .get();
  });
  std::vector<trace_event> submits = read.of(Kind::submit), starts = read.of(Kind::work_start), ends = read.of(Kind::work_end);
  ASSERT_EQ(submits.size(), 2u);
  ASSERT_EQ(starts.size(), 2u);
  ASSERT_EQ(ends.size(), 2u);
  EXPECT_TRUE(std::any_of(submits.begin(), submits.end(),
                          [&](const trace_event &each) { return each.line + 4 >= submitted && each.line <= submitted; }));
  ASSERT_EQ(read.of(Kind::worker_enter).size(), 2u);
  EXPECT_EQ(read.of(Kind::worker_leave).size(), 2u);
  bool nested = false;
  for (const trace_event &each : read.of(Kind::wait_on))
    if (each.line == waited)
      nested = each.object != 0 && each.object != each.arg;
  EXPECT_TRUE(nested) << "the outer work waits for the inner";
  bool on_worker = false;
  for (const trace_event &each : read.of(Kind::block))
    on_worker |= each.line == waited && (each.as<trace::BlockDetail>().flags & trace::on_worker);
  EXPECT_TRUE(on_worker);
  for (const trace_event &each : read.of(Kind::worker_enter)) {
    EXPECT_EQ(read.threads[each.thread].substr(0, 7), "traced-");
    EXPECT_EQ(read.roles[each.thread], trace::Role::worker);
  }
}

TEST(TracedPools, MapIsOneWait) {
  thread_pool pool(1);
  std::vector<int> numbers{1, 2, 3};
  trace_file read = trace_of([&] {
    announced waits;
    waits.about_to_wait();
    (void)pool.map(numbers, [&](int number) {
      waits.until_it_waits();
      return number;
    });
  });
  std::vector<trace_event> blocks = read.of(Kind::block);
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_EQ(read.strings[blocks[0].arg], "tenterhook::thread_pool::map");
}

} // namespace
