// when_all and when_any: results, order, exceptions, cancellation of losers and from outside, children on other threads.
#include "coroutine_test.h"

#include <tenterhook/run_in_executor.h>
#include <tenterhook/when_any.h>

#include <thread>

using namespace coroutine_test;

namespace {

TEST(WhenAll, GivesATupleAndRunsSideBySide) {
  auto start = event_loop::clock::now();
  run([]() -> task<> {
    auto nothing = []() -> task<> { co_await yield(); };
    auto [first, second, third] = co_await when_all(after(30ms, 1), nothing(), after(30ms, 3));
    EXPECT_EQ(first, 1);
    EXPECT_EQ(second, std::monostate());
    EXPECT_EQ(third, 3);
  }());
  EXPECT_GE(event_loop::clock::now() - start, 30ms);
}

TEST(WhenAll, GivesAVectorInTheOrderGiven) {
  std::vector<int> values = run([]() -> task<std::vector<int>> {
    std::vector<task<int>> tasks;
    for (int i = 0; i < 20; ++i)
      tasks.push_back(after(std::chrono::milliseconds(20 - i), i));
    co_return co_await when_all(std::move(tasks));
  }());
  ASSERT_EQ(values.size(), 20u);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(values[i], i);
}

TEST(WhenAll, OfNothingAndOfWhatEndsAtOnce) {
  run([]() -> task<> {
    EXPECT_TRUE((co_await when_all(std::vector<task<int>>())).empty());
    co_await when_all(std::vector<task<>>());
    auto at_once = []() -> task<int> { co_return 4; };
    auto [value] = co_await when_all(at_once());
    EXPECT_EQ(value, 4);
  }());
}

TEST(WhenAll, WaitsForAllAndThenThrowsTheFirstGiven) {
  run([]() -> task<> {
    bool ended = false;
    auto slow = [&]() -> task<> {
      co_await sleep_for(20ms);
      ended = true;
    };
    auto other = []() -> task<> {
      co_await yield();
      throw std::logic_error("later in the list, earlier in time");
    };
    EXPECT_THROW(co_await when_all(slow(), fail_after(5ms), other()), std::runtime_error);
    EXPECT_TRUE(ended);
  }());
}

TEST(WhenAll, AStopReachesEveryChild) {
  run([]() -> task<> {
    int stopped = 0;
    auto both = [&]() -> task<> { co_await when_all(forever(stopped), forever(stopped)); };
    join_handle<void> waiting = spawn(both());
    co_await sleep_for(1ms);
    waiting.request_stop();
    EXPECT_THROW(co_await waiting, cancelled);
    EXPECT_EQ(stopped, 2);
  }());
}

TEST(WhenAll, ChildrenThatEndOnOtherThreadsBringTheParentHome) {
  event_loop other(quiet());
  std::thread runner([&] { other.run(); });
  run([](event_loop &elsewhere) -> task<> {
    std::thread::id home = std::this_thread::get_id();
    for (int round = 0; round < 200; ++round) {
      std::vector<task<int>> tasks;
      for (int i = 0; i < 4; ++i)
        tasks.push_back([](event_loop &on, int value) -> task<int> {
          int given = co_await run_in_executor(on, [value] { return value; });
          co_return given;
        }(elsewhere, i));
      // Not in one expression: g++-12 rejects an initializer list beside a co_await ("array used as initializer").
      std::vector<int> values = co_await when_all(std::move(tasks));
      EXPECT_EQ(values.size(), 4u);
      for (int i = 0; i < int(values.size()); ++i)
        EXPECT_EQ(values[i], i);
      EXPECT_EQ(std::this_thread::get_id(), home);
    }
  }(other));
  other.stop();
  runner.join();
}

TEST(WhenAny, FirstOneWinsLosersAreCancelledAndAwaited) {
  run([]() -> task<> {
    int stopped = 0;
    auto first = co_await when_any(forever(stopped), after(1ms, 7), forever(stopped));
    EXPECT_EQ(first.index, 1u);
    EXPECT_EQ(std::get<1>(first.value), 7);
    EXPECT_EQ(stopped, 2); // both have ended by now
  }());
}

TEST(WhenAny, WaitsForALoserThatTakesItsTime) {
  run([]() -> task<> {
    bool cleaned = false;
    auto slow = [&]() -> task<> {
      try {
        co_await sleep_for(1h);
      } catch (const cancelled &) {
      }
      co_await sleep_until(event_loop::clock::now()); // stopped already: ends at once, with `cancelled`
      ADD_FAILURE();
    };
    auto wrapped = [&]() -> task<> {
      try {
        co_await slow();
      } catch (const cancelled &) {
        cleaned = true;
      }
    };
    co_await when_any(wrapped(), after(1ms, 0));
    EXPECT_TRUE(cleaned);
  }());
}

TEST(WhenAny, AnExceptionThatIsFirstIsThrown) {
  run([]() -> task<> {
    int stopped = 0;
    EXPECT_THROW(co_await when_any(fail_after(1ms), forever(stopped)), std::runtime_error);
    EXPECT_EQ(stopped, 1);
  }());
}

TEST(WhenAny, OfARange) {
  run([]() -> task<> {
    std::vector<task<int>> tasks;
    int stopped = 0;
    for (int i = 0; i < 5; ++i)
      tasks.push_back(i == 3 ? after(1ms, 33) : forever(stopped));
    auto first = co_await when_any(std::move(tasks));
    EXPECT_EQ(first.index, 3u);
    EXPECT_EQ(first.value, 33);
    EXPECT_EQ(stopped, 4);
    EXPECT_THROW(co_await when_any(std::vector<task<int>>()), std::invalid_argument);
  }());
}

TEST(WhenAny, OfWhatEndsAtOnce) {
  run([]() -> task<> {
    int stopped = 0;
    auto at_once = []() -> task<int> { co_return 4; };
    auto first = co_await when_any(at_once(), forever(stopped));
    EXPECT_EQ(first.index, 0u);
    EXPECT_EQ(stopped, 1);
  }());
}

TEST(WhenAny, AStopFromOutsideReachesTheChildren) {
  run([]() -> task<> {
    int stopped = 0;
    auto race = [&]() -> task<> { co_await when_any(forever(stopped), forever(stopped)); };
    join_handle<void> waiting = spawn(race());
    co_await sleep_for(1ms);
    waiting.request_stop();
    EXPECT_THROW(co_await waiting, cancelled);
    EXPECT_EQ(stopped, 2);
  }());
}

} // namespace
