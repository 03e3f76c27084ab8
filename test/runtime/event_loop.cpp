// event_loop: callbacks, timers, waking, stopping, slow-callback warnings, run_in_executor.
#include "coroutine_test.h"

#include <tenterhook/run_in_executor.h>
#include <tenterhook/timeout.h>
#include <tenterhook/timer_wheel.h>

#include <algorithm>
#include <ctime>
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
    loop.call_at(start + std::chrono::milliseconds(delay), [&, delay] {
      EXPECT_GE(event_loop::clock::now() - start, std::chrono::milliseconds(delay));
      order.push_back(delay);
      if (delay == 30)
        loop.stop();
    });
  }
  loop.run();
  EXPECT_EQ(order, (std::vector{0, 10, 20, 30}));
}

// Deadlines that lie within one tick of the wheel, in every order of creation.
TEST(EventLoop, TimersOfOneTickFireInTheOrderOfTheirDeadlines) {
  std::vector<int> delays{5, 3, 3, 1, 4, 2, 2, 0};
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    event_loop loop(quiet());
    std::shuffle(delays.begin(), delays.end(), random);
    auto base = event_loop::clock::now() + 3ms;
    std::vector<std::pair<int, int>> order; // deadline, creation
    int created = 0;
    auto sleeper = [&](event_loop::clock::time_point when, std::pair<int, int> name) -> task<> {
      co_await sleep_until(when);
      order.push_back(name);
    };
    auto all = [&]() -> task<> {
      std::vector<join_handle<void>> sleepers;
      for (int delay : delays)
        sleepers.push_back(spawn(sleeper(base + std::chrono::microseconds(delay), {delay, created++})));
      for (int delay : delays)
        loop.call_at(base + std::chrono::microseconds(delay),
                     [&order, name = std::pair{delay, 100 + created++}] { order.push_back(name); });
      for (join_handle<void> &each : sleepers)
        co_await each;
      co_await sleep_until(base + 1ms);
    };
    loop.run_until_complete(all());
    ASSERT_EQ(order.size(), 2 * delays.size());
    // call_at()s are made before the spawned sleepers begin to wait.
    auto made = [](const std::pair<int, int> &timer) { return timer.second >= 100 ? timer.second - 100 : timer.second + 100; };
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end(), [&](const auto &a, const auto &b) {
      return a.first != b.first ? a.first < b.first : made(a) < made(b);
    }));
  }
}

TEST(EventLoop, TimersThatArePastFireInTheOrderOfTheirDeadlines) {
  event_loop loop(quiet());
  std::vector<int> order;
  auto now = event_loop::clock::now();
  for (int back : {1, 3, 2, 0})
    loop.call_at(now - std::chrono::seconds(back), [&order, back] { order.push_back(back); });
  loop.call_at(event_loop::clock::time_point::min(), [&order] { order.push_back(99); });
  loop.run_until_complete(after(1ms, 0));
  EXPECT_EQ(order, (std::vector{99, 3, 2, 1, 0}));
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

// Neither the loop that runs nor another one is touched by what is refused, and the task is destroyed unstarted.
TEST(EventLoop, ARefusedNestedRunLeavesTheOuterLoopRunning) {
  event_loop loop(quiet()), other(quiet());
  bool started = false, ended = false;
  auto kept = std::make_shared<int>(1);
  auto never = [](bool &ran, std::shared_ptr<int>) -> task<> {
    ran = true;
    co_return;
  };
  loop.run_until_complete([&](std::shared_ptr<int> given) -> task<> {
    for (event_loop *inner : {&loop, &other}) {
      EXPECT_THROW(inner->run_until_complete(never(started, given)), std::logic_error);
      EXPECT_EQ(given.use_count(), 2) << "the refused task is gone";
      EXPECT_THROW(inner->run(), std::logic_error);
      EXPECT_THROW(inner->shutdown(), std::logic_error);
    }
    for (int round = 0; round < 5; ++round)
      co_await yield();
    co_await sleep_for(2ms);
    ended = true;
  }(kept));
  EXPECT_TRUE(ended);
  EXPECT_FALSE(started);
  int answer = 0;
  other.run_until_complete([](int &to) -> task<> { to = co_await after(1ms, 42); }(answer));
  EXPECT_EQ(answer, 42);
}

TEST(EventLoop, ALoopThatRunsElsewhereIsNotRunTwice) {
  event_loop loop(quiet());
  std::atomic<bool> runs = false;
  std::jthread runner([&] { loop.run(); });
  loop.call_soon([&] { runs = true; });
  while (!runs)
    std::this_thread::yield();
  EXPECT_THROW(loop.run_until_complete(after(1ms, 1)), std::logic_error);
  EXPECT_THROW(loop.run(), std::logic_error);
  loop.stop();
}

TEST(EventLoop, WhatWasPostedBeforeRunsBeforeTheTask) {
  event_loop loop(quiet());
  std::vector<int> order;
  loop.call_soon([&] { order.push_back(1); });
  std::thread([&] { loop.call_soon([&] { order.push_back(2); }); }).join();
  loop.run_until_complete([](std::vector<int> &to) -> task<> {
    to.push_back(3);
    co_return;
  }(order));
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

// A destructor that adds work and timers to a loop that is being destroyed: all of it is discarded.
TEST(EventLoop, WhatIsAddedWhileItIsDestroyedIsDiscardedToo) {
  auto kept = std::make_shared<int>(1);
  {
    event_loop loop(quiet());
    struct adds {
      event_loop *to;
      std::shared_ptr<int> held;
      int left;
      adds(event_loop *loop, std::shared_ptr<int> what, int times) : to(loop), held(std::move(what)), left(times) {}
      adds(adds &&other) noexcept : to(std::exchange(other.to, nullptr)), held(std::move(other.held)), left(other.left) {}
      ~adds() {
        if (!to || !left)
          return;
        to->call_later(1h, adds(to, held, left - 1));
        to->call_soon(adds(to, held, left - 1));
      }
      void operator()() { ADD_FAILURE(); }
    };
    loop.call_later(1h, adds(&loop, kept, 3));
    int stopped = 0;
    loop.spawn([](int &count, adds) -> task<> { co_await forever(count); }(stopped, adds(&loop, kept, 2))).detach();
  }
  EXPECT_EQ(kept.use_count(), 1);
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

// Each is told once, however many there are and whatever being told does to the others: with a look at all of them for each that
// is told, these would take minutes.
TEST(EventLoop, ShutdownOfManyTasks) {
  constexpr int many = 60'000;
  event_loop loop(quiet());
  int stopped = 0;
  loop.run_until_complete([](event_loop &on, int &count) -> task<> {
    for (int i = 0; i < many; ++i)
      on.spawn(forever(count)).detach();
    co_await sleep_for(1ms);
  }(loop, stopped));
  auto processor_time = [] { return std::chrono::duration<double>(double(std::clock()) / CLOCKS_PER_SEC); };
  auto began = processor_time();
  loop.shutdown();
  EXPECT_EQ(stopped, many);
  EXPECT_LT((processor_time() - began).count(), 20);
}

TEST(EventLoop, ATaskThatIsToldMayStartAndStopOthers) {
  event_loop loop(quiet());
  int stopped = 0;
  loop.run_until_complete([](event_loop &on, int &count) -> task<> {
    std::vector<join_handle<int>> others;
    for (int i = 0; i < 10; ++i)
      others.push_back(on.spawn(forever(count)));
    auto when_told = [](event_loop &at, std::vector<join_handle<int>> held, int &ended) -> task<> {
      std::stop_token token = co_await current_stop_token();
      std::stop_callback tells(token, [&] {
        for (join_handle<int> &each : held)
          each.request_stop();
        at.spawn(forever(ended)).detach(); // begins when all were told, and is told then
      });
      co_await sleep_for(1h);
    };
    on.spawn(when_told(on, std::move(others), count)).detach();
    for (int i = 0; i < 10; ++i)
      on.spawn(forever(count)).detach();
    co_await sleep_for(1ms);
  }(loop, stopped));
  loop.shutdown();
  EXPECT_EQ(stopped, 21);
  auto later = [](int &count) -> task<int> { // the loop may be used again, and nobody is told any more
    co_await sleep_for(1ms);
    co_return ++count;
  };
  EXPECT_EQ(loop.run_until_complete(later(stopped)), 22);
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

TEST(Sleep, StopEndsItAtOnceFromThisAndOtherThreads) { // each would last an hour
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

} // namespace
