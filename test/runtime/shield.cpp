// After `cancelled` a task can await: shield, shielded and finally under timeouts, stop tokens, when_any, spawned tasks,
// shutdown, and in each other.
#include "coroutine_test.h"

#include <tenterhook/async_mutex.h>
#include <tenterhook/run_in_executor.h>
#include <tenterhook/shield.h>
#include <tenterhook/thread_pool.h>
#include <tenterhook/timeout.h>
#include <tenterhook/when_all.h>
#include <tenterhook/when_any.h>

#include <string>
#include <thread>

using namespace coroutine_test;

namespace {

using log = std::vector<std::string>;

task<> clean(log &to, std::chrono::milliseconds takes = 2ms) {
  to.push_back("begin");
  co_await sleep_for(takes);
  EXPECT_FALSE((co_await current_stop_token()).stop_requested());
  to.push_back("end");
}
// Waits for ever, and cleans up in the three ways.
task<int> with_finally(log &to, int &stopped) {
  auto clean_up = [&to] { return clean(to); };
  co_return co_await finally(forever(stopped), clean_up);
}
task<int> with_shield(log &to, int &stopped) {
  std::exception_ptr thrown;
  try {
    co_return co_await forever(stopped);
  } catch (...) {
    thrown = std::current_exception();
  }
  co_await shield(clean(to));
  std::rethrow_exception(thrown);
}
task<int> with_scope(log &to, int &stopped) {
  std::exception_ptr thrown;
  try {
    co_return co_await forever(stopped);
  } catch (...) {
    thrown = std::current_exception();
  }
  shield_scope quiet = co_await shielded();
  co_await clean(to);
  std::rethrow_exception(thrown);
}

using way = task<int> (*)(log &, int &);
class Shield : public testing::TestWithParam<way> {
protected:
  task<int> body() { return GetParam()(seen, stopped); }
  void TearDown() override {
    EXPECT_EQ(stopped, 1);
    EXPECT_EQ(seen, (log{"begin", "end"}));
  }
  log seen;
  int stopped = 0;
};
std::string ending_of(const testing::TestParamInfo<way> &info) {
  const char *names[] = {"Finally", "Shield", "Scope"};
  return names[info.index];
}
INSTANTIATE_TEST_SUITE_P(, Shield, testing::Values(with_finally, with_shield, with_scope), ending_of);

TEST_P(Shield, Timeout) { EXPECT_THROW(run(timeout(body(), 1ms)), timed_out); }

TEST_P(Shield, TimeoutsWithinTimeouts) { EXPECT_THROW(run(timeout(timeout(timeout(body(), 1h), 1ms), 2h)), timed_out); }

TEST_P(Shield, ATimeoutThatRunsOutWhileCleaningUp) { EXPECT_THROW(run(timeout(timeout(body(), 1ms), 2ms)), timed_out); }

TEST_P(Shield, StopToken) {
  std::stop_source stop;
  event_loop loop(quiet());
  loop.call_later(1ms, [&] { stop.request_stop(); });
  EXPECT_THROW(loop.run_until_complete(with_stop(stop.get_token(), body())), cancelled);
}

TEST_P(Shield, StopTokenOfAnotherThread) {
  std::stop_source stop;
  std::jthread other([&] { stop.request_stop(); });
  EXPECT_THROW(run(with_stop(stop.get_token(), body())), cancelled);
}

TEST_P(Shield, LoserOfWhenAny) {
  auto first = run(when_any(body(), after(1ms, 7)));
  EXPECT_EQ(first.index, 1u);
  EXPECT_EQ(seen.size(), 2u) << "it is waited for";
}

TEST_P(Shield, LoserAmongChildren) {
  EXPECT_EQ(run(when_any(
                    [](task<int> one) -> task<int> {
                      auto [a, b] = co_await when_all(std::move(one), after(0ms, 1));
                      co_return a + b;
                    }(body()),
                    after(1ms, 7)))
                .index,
            1u);
}

TEST_P(Shield, SpawnedTask) {
  run([](task<int> given) -> task<> {
    join_handle<int> handle = spawn(std::move(given));
    co_await sleep_for(1ms);
    handle.request_stop();
    bool told = false;
    try {
      co_await handle;
    } catch (const cancelled &) {
      told = true;
    }
    EXPECT_TRUE(told);
  }(body()));
}

TEST_P(Shield, ShutdownOfTheLoop) {
  event_loop loop(quiet());
  loop.spawn(body()).detach();
  loop.run_until_complete(after(1ms, 0));
  loop.shutdown();
}

// A second request while it cleans up changes nothing.
TEST_P(Shield, StoppedTwice) {
  event_loop loop(quiet());
  join_handle<int> handle = loop.spawn(body());
  loop.run_until_complete([](join_handle<int> &stops, log &seen) -> task<> {
    co_await sleep_for(1ms);
    stops.request_stop();
    while (seen.empty())
      co_await yield();
    stops.request_stop();
  }(handle, seen));
  loop.shutdown();
  EXPECT_TRUE(handle.is_done());
}

TEST(ShieldScope, TheRequestIsSeenAgainBehindIt) {
  int stopped = 0;
  log seen;
  EXPECT_THROW(run(timeout(
                   [](int &count, log &to) -> task<> {
                     co_await shield(clean(to, 5ms)); // the limit falls into it
                     EXPECT_TRUE((co_await current_stop_token()).stop_requested());
                     co_await forever(count);
                   }(stopped, seen),
                   1ms)),
               timed_out);
  EXPECT_EQ(stopped, 1);
  EXPECT_EQ(seen.size(), 2u);
}

// Whoever ends with a value after all has not failed to come in time for it.
TEST(ShieldScope, Nest) {
  run(timeout(
      []() -> task<> {
        {
          shield_scope outer = co_await shielded();
          {
            shield_scope inner = co_await shielded();
            co_await sleep_for(3ms);
          }
          co_await sleep_for(1ms);
          log inside;
          co_await shield(clean(inside));
          EXPECT_EQ(inside.size(), 2u);
          EXPECT_FALSE((co_await current_stop_token()).stop_possible());
        }
        EXPECT_TRUE((co_await current_stop_token()).stop_requested());
      }(),
      1ms));
}

TEST(ShieldScope, ALimitWithinIsALimit) {
  int outer = 0, inner = 0;
  run(timeout(
      [](int &count, int &cleaning) -> task<> {
        try {
          co_await forever(count);
        } catch (const cancelled &) {
        }
        bool over = false;
        try {
          co_await shield(timeout(forever(cleaning), 2ms));
        } catch (const timed_out &) {
          over = true;
        }
        EXPECT_TRUE(over);
        auto losers = co_await shield(when_any(after(1ms, 1), forever(cleaning)));
        EXPECT_EQ(losers.index, 0u);
      }(outer, inner),
      1ms));
  EXPECT_EQ(outer, 1);
  EXPECT_EQ(inner, 2);
}

TEST(ShieldScope, LinesAndOtherExecutors) {
  thread_pool pool(1);
  async_mutex mutex;
  bool cleaned = false;
  run(timeout(
      [](thread_pool &on, async_mutex &line, bool &done) -> task<> {
        auto held = co_await line.lock();
        auto unlocks = [](async_mutex::guard given) -> task<> {
          co_await sleep_for(4ms);
          given.unlock();
        };
        join_handle<void> other = spawn(unlocks(std::move(held)));
        int stopped = 0;
        try {
          co_await forever(stopped);
        } catch (const cancelled &) {
        }
        shield_scope quiet = co_await shielded();
        auto again = co_await line.lock(); // waits
        auto call = [] { return 5; };
        EXPECT_EQ(co_await run_in_executor(on, call), 5);
        EXPECT_EQ(co_await on.submit(call), 5);
        co_await other;
        done = true;
      }(pool, mutex, cleaned),
      1ms));
  EXPECT_TRUE(cleaned);
}

TEST(Finally, GivesWhatTheBodyCameTo) {
  log seen;
  auto clean_up = [&seen] { return clean(seen, 0ms); };
  EXPECT_EQ(run(finally(after(1ms, 5), clean_up)), 5);
  EXPECT_THROW(run(finally(fail_after(1ms), clean_up)), std::runtime_error);
  run(finally([]() -> task<> { co_return; }(), clean_up));
  int there = 3;
  EXPECT_EQ(&run(finally([](int &in) -> task<int &> { co_return in; }(there), clean_up)), &there);
  EXPECT_EQ(seen.size(), 8u);
}

TEST(Finally, AnErrorOfTheCleanUpTakesItsPlace) {
  auto fails = []() -> task<> {
    co_await yield();
    throw std::invalid_argument("in the clean-up");
  };
  EXPECT_THROW(run(finally(after(1ms, 5), fails)), std::invalid_argument);
  EXPECT_THROW(run(finally(fail_after(1ms), fails)), std::invalid_argument);
}

TEST(Finally, DestroyedWithTheLoopWhileItCleansUp) {
  log seen;
  int stopped = 0;
  {
    event_loop loop(quiet());
    auto clean_up = [&seen] { return clean(seen, 1h); };
    join_handle<int> handle = loop.spawn(finally(forever(stopped), clean_up));
    loop.run_until_complete(after(1ms, 0));
    handle.request_stop();
    loop.run_until_complete(after(1ms, 0));
  }
  EXPECT_EQ(seen, (log{"begin"}));
}

} // namespace
