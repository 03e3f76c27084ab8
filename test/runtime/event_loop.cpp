// event_loop: callbacks, timers, waking, stopping, slow-callback warnings, run_in_executor; and the timer wheel alone.
#include "coroutine_test.h"

#include <tenterhook/run_in_executor.h>
#include <tenterhook/timeout.h>
#include <tenterhook/timer_wheel.h>

#include <algorithm>
#include <random>
#include <set>
#include <thread>

using namespace coroutine_test;

namespace {

TEST(EventLoop, RunsCallbacksInOrderAndNeverAtOnce) {
  event_loop loop(quiet());
  std::vector<int> order;
  loop.call_soon([&] {
    order.push_back(1);
    loop.call_soon([&] {
      order.push_back(3);
      loop.stop();
    });
    order.push_back(2);
  });
  EXPECT_TRUE(order.empty());
  loop.run();
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST(EventLoop, TimersFireInOrderAndAreNeverEarly) {
  event_loop loop(quiet());
  auto start = event_loop::clock::now();
  std::vector<int> order;
  for (int delay : {30, 10, 20, 0}) {
    loop.call_later(std::chrono::milliseconds(delay), [&, delay] {
      EXPECT_GE(event_loop::clock::now() - start, std::chrono::milliseconds(delay));
      order.push_back(delay);
      if (delay == 30)
        loop.stop();
    });
  }
  loop.run();
  EXPECT_EQ(order, (std::vector{0, 10, 20, 30}));
}

TEST(EventLoop, CancelledTimersDoNotRunAndFreeTheirCallback) {
  event_loop loop(quiet());
  auto kept = std::make_shared<int>(1);
  timer_handle cancelled_one = loop.call_later(1ms, [kept] { ADD_FAILURE(); });
  EXPECT_EQ(kept.use_count(), 2);
  EXPECT_TRUE(cancelled_one.cancel());
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_FALSE(cancelled_one.cancel());
  timer_handle ran = loop.call_later(2ms, [&] { loop.stop(); });
  loop.run();
  EXPECT_FALSE(ran.cancel());
}

TEST(EventLoop, TimerCancelledInTheRoundInWhichItFired) {
  event_loop loop(quiet());
  timer_handle second;
  auto when = event_loop::clock::now() + 1ms;
  loop.call_at(when, [&] { EXPECT_TRUE(second.cancel()); });
  second = loop.call_at(when, [] { ADD_FAILURE(); });
  loop.call_later(5ms, [&] { loop.stop(); });
  loop.run();
}

TEST(EventLoop, DestroyedWithTimersAndWorkDiscardsThem) {
  auto kept = std::make_shared<int>(1);
  timer_handle outlives;
  {
    event_loop loop(quiet());
    loop.call_soon([kept] { ADD_FAILURE(); });
    loop.call_later(1h, [kept] { ADD_FAILURE(); });
    outlives = loop.call_later(2h, [kept] { ADD_FAILURE(); });
    std::thread([&] { loop.call_soon([kept] { ADD_FAILURE(); }); }).join();
    EXPECT_EQ(kept.use_count(), 5);
  }
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_FALSE(outlives.cancel());
}

TEST(EventLoop, PostsFromManyThreadsAllRunInTheirOrder) {
  constexpr int threads = 4, each = 5000;
  event_loop loop(quiet());
  std::vector<int> last(threads, -1);
  int ran = 0;
  std::vector<std::thread> posting;
  for (int t = 0; t < threads; ++t)
    posting.emplace_back([&, t] {
      for (int i = 0; i < each; ++i)
        loop.call_soon([&, t, i] {
          EXPECT_EQ(last[t], i - 1);
          last[t] = i;
          if (++ran == threads * each)
            loop.stop();
        });
    });
  loop.run();
  for (std::thread &one : posting)
    one.join();
  EXPECT_EQ(ran, threads * each);
}

TEST(EventLoop, WakesFromItsSleep) {
  event_loop loop(quiet());
  for (int i = 0; i < 200; ++i) {
    std::thread other([&] { loop.call_soon([&] { loop.stop(); }); });
    loop.run();
    other.join();
  }
}

TEST(EventLoop, StopFromAnotherThreadAndBeforeRun) {
  event_loop loop(quiet());
  std::thread other([&] {
    std::this_thread::sleep_for(5ms);
    loop.stop();
  });
  loop.run();
  other.join();
  std::thread([&] { loop.stop(); }).join();
  loop.run(); // returns at once
}

TEST(EventLoop, RunUntilCompleteThrowsIfStopped) {
  event_loop loop(quiet());
  loop.call_later(1ms, [&] { loop.stop(); });
  int stopped = 0;
  EXPECT_THROW(loop.run_until_complete(forever(stopped)), std::logic_error);
  loop.shutdown();
  EXPECT_EQ(stopped, 1);
}

TEST(EventLoop, NestedRunIsRefused) {
  run([]() -> task<> {
    event_loop inner(quiet());
    EXPECT_THROW(inner.run(), std::logic_error);
    co_return;
  }());
}

TEST(EventLoop, ShutdownUnderLoadEndsEveryTask) {
  event_loop loop(quiet());
  int stopped = 0;
  loop.run_until_complete([](event_loop &on, int &count) -> task<> {
    for (int i = 0; i < 1000; ++i)
      on.spawn(forever(count)).detach();
    co_await sleep_for(1ms);
    for (int i = 0; i < 1000; ++i)
      on.spawn(forever(count)).detach(); // told to stop before they start
  }(loop, stopped));
  loop.shutdown();
  EXPECT_EQ(stopped, 2000);
}

TEST(EventLoop, WarnsOfSlowSlicesWithTheirPlace) {
  std::vector<slow_callback> seen;
  event_loop loop({20ms, [&](const slow_callback &slow) { seen.push_back(slow); }});
  unsigned await_line = 0, post_line = 0;
  loop.run_until_complete([](event_loop &on, unsigned &await, unsigned &post) -> task<> {
    await = __LINE__ + 1;
    co_await yield();
    std::this_thread::sleep_for(40ms); // a blocking call in a coroutine: what the warning is for
    post = __LINE__ + 1;
    on.call_soon([] { std::this_thread::sleep_for(40ms); });
    co_await sleep_for(1ms);
  }(loop, await_line, post_line));
  ASSERT_GE(seen.size(), 2u);
  auto at = [&](unsigned line) {
    return std::find_if(seen.begin(), seen.end(), [&](const slow_callback &slow) { return slow.place.line() == line; });
  };
  ASSERT_NE(at(await_line), seen.end());
  ASSERT_NE(at(post_line), seen.end());
  EXPECT_GE(at(await_line)->duration, 40ms);
  EXPECT_STREQ(at(await_line)->place.file_name(), __FILE__);
}

TEST(EventLoop, WarnsOnStderrByDefault) {
  testing::internal::CaptureStderr();
  event_loop loop({10ms, {}});
  loop.call_soon([&] {
    std::this_thread::sleep_for(15ms);
    loop.stop();
  });
  loop.run();
  std::string said = testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("event_loop.cpp:"), std::string::npos) << said;
  EXPECT_NE(said.find("kept the event loop for"), std::string::npos) << said;
}

TEST(Sleep, StopEndsItAtOnceFromThisAndOtherThreads) {
  auto start = event_loop::clock::now();
  run([]() -> task<> {
    for (int i = 0; i < 100; ++i) {
      int stopped = 0;
      join_handle<int> waiting = spawn(forever(stopped));
      if (i % 2)
        co_await yield();
      std::thread other([&] { waiting.request_stop(); });
      EXPECT_THROW(co_await waiting, cancelled);
      other.join();
      EXPECT_EQ(stopped, 1);
    }
  }());
  EXPECT_LT(event_loop::clock::now() - start, 60s);
}

TEST(Sleep, NeedsALoop) {
  auto body = []() -> task<> { co_await sleep_for(1ms); };
  task<> outside = body();
  outside.handle().promise().continuation = std::noop_coroutine();
  outside.handle().resume();
  EXPECT_THROW(outside.handle().promise().result.take(), std::logic_error);
}

TEST(Timeout, ThrowsAfterTheTaskHasEnded) {
  run([]() -> task<> {
    int stopped = 0;
    EXPECT_THROW(co_await timeout(forever(stopped), 2ms), timed_out);
    EXPECT_EQ(stopped, 1);
    EXPECT_EQ(co_await timeout(after(1ms, 5), 1h), 5);
    EXPECT_THROW(co_await timeout(fail_after(1ms), 1h), std::runtime_error);
  }());
}

TEST(Timeout, ForwardsAStop) {
  run([]() -> task<> {
    int stopped = 0;
    join_handle<int> limited = spawn(timeout(forever(stopped), 1h));
    co_await sleep_for(1ms);
    limited.request_stop();
    EXPECT_THROW(co_await limited, cancelled);
    EXPECT_EQ(stopped, 1);
  }());
}

TEST(RunInExecutor, ComesBackWithTheResultOrTheException) {
  event_loop other(quiet());
  std::thread runner([&] { other.run(); });
  run([](event_loop &elsewhere) -> task<> {
    std::thread::id home = std::this_thread::get_id();
    std::thread::id there = co_await run_in_executor(elsewhere, [] { return std::this_thread::get_id(); });
    EXPECT_NE(there, home);
    EXPECT_EQ(std::this_thread::get_id(), home);
    EXPECT_THROW(co_await run_in_executor(elsewhere, [] { throw std::runtime_error("planned"); }), std::runtime_error);
    auto move_only = [owned = std::make_unique<int>(1)] { EXPECT_EQ(*owned, 1); }; // named: run_in_executor.h says why
    co_await run_in_executor(elsewhere, std::move(move_only));
  }(other));
  other.stop();
  runner.join();
}

TEST(RunInExecutor, DroppedCallIsCancelledAndDestroyedAwaiterIsForgotten) {
  auto other = std::make_unique<event_loop>(quiet());
  event_loop loop(quiet());
  loop.run_until_complete([](std::unique_ptr<event_loop> &never_runs) -> task<> {
    auto asks = [](event_loop &on) -> task<int> { co_return co_await run_in_executor(on, [] { return 1; }); };
    join_handle<int> asked = spawn(asks(*never_runs));
    co_await yield();
    never_runs.reset();
    EXPECT_THROW(co_await asked, cancelled);
  }(other));
  event_loop later(quiet());
  {
    event_loop short_lived(quiet());
    short_lived.run_until_complete([](event_loop &on) -> task<> {
      auto asks = [](event_loop &there) -> task<> { co_await run_in_executor(there, [] {}); };
      spawn(asks(on)).detach();
      co_await yield();
    }(later));
  } // the awaiting frame is gone; its answer comes now
  later.call_soon([&] { later.stop(); });
  later.run();
}

// --- the wheel alone -------------------------------------------------------------------------------------------------

struct entry : timer_node {
  std::vector<std::uint64_t> *fired = nullptr;
};

TEST(TimerWheel, AgreesWithASortedListOverRandomOperations) {
  std::mt19937_64 random(7);
  timer_wheel wheel(12345);
  std::vector<entry> entries(2000);
  std::vector<std::uint64_t> fired;
  std::multiset<std::uint64_t> expected;
  std::uint64_t now = 12345;
  for (int step = 0; step < 20000; ++step) {
    entry &one = entries[random() % entries.size()];
    if (one.is_waiting()) {
      expected.erase(expected.find(one.tick));
      timer_wheel::cancel(one);
    } else {
      one.fired = &fired;
      one.fire = [](timer_node *node) noexcept { static_cast<entry *>(node)->fired->push_back(node->tick); };
      std::uint64_t tick = now + random() % (std::uint64_t(1) << (random() % 40));
      wheel.insert(one, tick);
      expected.insert(tick);
    }
    if (step % 16 == 0) {
      now += random() % (std::uint64_t(1) << (random() % 36));
      std::optional<std::uint64_t> next = wheel.next();
      ASSERT_EQ(next.has_value(), !expected.empty());
      if (next) {
        ASSERT_LE(*next, *expected.begin()); // nothing would be slept through
      }
      fired.clear();
      wheel.advance(now);
      std::vector<std::uint64_t> due(expected.begin(), expected.upper_bound(now));
      expected.erase(expected.begin(), expected.upper_bound(now));
      ASSERT_EQ(fired, due); // in order
    }
  }
}

TEST(TimerWheel, OneTickFiresInTheOrderOfInsertion) {
  timer_wheel wheel;
  std::vector<int> order;
  struct numbered : timer_node {
    std::vector<int> *into;
    int number;
  };
  std::vector<numbered> all(100);
  for (int i = 0; i < 100; ++i) {
    all[i].into = &order;
    all[i].number = i;
    all[i].fire = [](timer_node *node) noexcept {
      auto *self = static_cast<numbered *>(node);
      self->into->push_back(self->number);
    };
    wheel.insert(all[i], 100'000); // moves down two levels on its way
  }
  EXPECT_EQ(wheel.advance(99'999), 0u);
  EXPECT_EQ(wheel.advance(100'000), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(TimerWheel, CallbacksMayCancelOthersOfTheirTick) {
  timer_wheel wheel;
  struct killer : timer_node {
    killer *victim = nullptr;
    bool ran = false;
  };
  killer first, second;
  first.victim = &second;
  for (killer *one : {&first, &second}) {
    one->fire = [](timer_node *node) noexcept {
      auto *self = static_cast<killer *>(node);
      self->ran = true;
      if (self->victim)
        timer_wheel::cancel(*self->victim);
    };
    wheel.insert(*one, 70);
  }
  EXPECT_EQ(wheel.advance(80), 1u);
  EXPECT_TRUE(first.ran);
  EXPECT_FALSE(second.ran);
  EXPECT_FALSE(wheel.next());
}

} // namespace
