// task<T>, spawn and join handles: values, exceptions, laziness, destruction, executors.
#include "coroutine_test.h"

#include <tenterhook/future.h>
#include <tenterhook/run_in_executor.h>
#include <tenterhook/task.h>

#include <algorithm>
#include <memory>
#include <thread>

using namespace coroutine_test;

namespace {

task<int> number(int value) { co_return value; }
task<int &> reference(int &to) { co_return to; }
task<std::unique_ptr<int>> owner(int value) { co_return std::make_unique<int>(value); }
task<> throws() {
  throw std::runtime_error("planned");
  co_return;
}
struct counted {
  int &alive;
  explicit counted(int &count) : alive(count) { ++alive; }
  counted(const counted &other) : alive(other.alive) { ++alive; }
  ~counted() { --alive; }
};

TEST(Task, GivesValuesReferencesAndMoveOnlyResults) {
  run([]() -> task<> {
    EXPECT_EQ(co_await number(7), 7);
    int target = 1;
    int &same = co_await reference(target);
    EXPECT_EQ(&same, &target);
    std::unique_ptr<int> owned = co_await owner(3);
    EXPECT_EQ(*owned, 3);
  }());
}

TEST(Task, DoesNotStartBeforeItIsAwaited) {
  run([]() -> task<> {
    bool started = false;
    auto body = [&]() -> task<> {
      started = true;
      co_return;
    };
    task<> waiting = body();
    co_await yield();
    EXPECT_FALSE(started);
    co_await std::move(waiting);
    EXPECT_TRUE(started);
    EXPECT_FALSE(bool(waiting)); // the co_await has taken the frame
  }());
}

TEST(Task, ThrowsWhatTheCoroutineThrew) {
  run([]() -> task<> {
    EXPECT_THROW(co_await throws(), std::runtime_error);
    try {
      co_await fail_after(1ms);
      ADD_FAILURE();
    } catch (const std::runtime_error &e) {
      EXPECT_STREQ(e.what(), "planned");
    }
  }());
}

TEST(Task, LongChainsOfAwaitsUseNoStack) {
#if defined(__clang__) || defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
  const int count = 1'000'000;
#else
  const int count = 1'000; // task.h: symmetric transfer is a call there
#endif
  int sum = run([](int times) -> task<int> {
    int total = 0;
    for (int i = 0; i < times; ++i)
      total += co_await number(1);
    co_return total;
  }(count));
  EXPECT_EQ(sum, count);
}

TEST(Task, UnstartedOneDestroysItsParameters) {
  int alive = 0;
  {
    auto body = [](counted kept) -> task<> {
      (void)kept;
      co_return;
    };
    task<> never = body(counted(alive));
    EXPECT_GE(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

TEST(Task, DestroyedWhileItWaitsUndoesTheWait) {
  int alive = 0;
  run([](int &count) -> task<> {
    {
      auto body = [](int &c) -> task<> {
        counted local(c);
        co_await sleep_for(1h);
      };
      auto waiting = std::make_unique<task<>>(body(count));
      waiting->handle().promise().continuation = std::noop_coroutine();
      waiting->handle().resume(); // as an awaiting coroutine would
      EXPECT_EQ(count, 1);
    }
    EXPECT_EQ(count, 0);
    co_await sleep_for(1ms); // the loop must not meet the timer
  }(alive));
}

TEST(Task, ParentGoesOnOnItsExecutorWhereverTheChildEnds) {
  event_loop other(quiet());
  std::thread runner([&] { other.run(); });
  run([](event_loop &elsewhere) -> task<> {
    std::thread::id home = std::this_thread::get_id(), child_ended_on{};
    struct hop { // resumes its coroutine on another executor
      executor &to;
      std::source_location place;
      resumption again;
      bool await_ready() const { return false; }
      void await_suspend(std::coroutine_handle<> h) {
        again.suspend(h, place);
        again.resume_on(&to);
      }
      void await_resume() const {}
    };
    auto wanderer = [&]() -> task<int> {
      hop there{elsewhere, {}, {}};
      co_await there;
      child_ended_on = std::this_thread::get_id();
      co_return 5;
    };
    EXPECT_EQ(co_await wanderer(), 5);
    EXPECT_EQ(std::this_thread::get_id(), home);
    EXPECT_NE(child_ended_on, home);
    EXPECT_EQ(co_await spawn(wanderer()), 5); // a spawned one ends on its own executor too
    EXPECT_EQ(std::this_thread::get_id(), home);
  }(other));
  other.stop();
  runner.join();
}

TEST(Spawn, RunsBesideAndIsJoined) {
  run([]() -> task<> {
    tenterhook::promise<int> made;
    auto waits = [](tenterhook::future<int> given) -> task<int> { co_return co_await std::move(given); };
    join_handle<int> first = spawn(waits(made.get_future())), second = spawn(after(1ms, 2));
    EXPECT_FALSE(first.is_done());
    EXPECT_EQ(co_await second, 2);
    EXPECT_FALSE(first.is_done());
    made.set_value(1);
    EXPECT_EQ(co_await first, 1);
    EXPECT_TRUE(first.is_done());
  }());
}

TEST(Spawn, JoiningThrowsAndCancellingStops) {
  run([]() -> task<> {
    join_handle<int> failing = spawn(fail_after(1ms));
    EXPECT_THROW(co_await failing, std::runtime_error);
    int stopped = 0;
    join_handle<int> waiting = spawn(forever(stopped));
    co_await yield();
    waiting.request_stop();
    EXPECT_THROW(co_await waiting, cancelled);
    EXPECT_EQ(stopped, 1);
  }());
}

TEST(Spawn, StoppingWhoJoinsStopsTheTask) {
  run([]() -> task<> {
    int stopped = 0;
    auto joins = [&]() -> task<int> { co_return co_await spawn(forever(stopped)); };
    join_handle<int> outer = spawn(joins());
    co_await sleep_for(1ms);
    outer.request_stop();
    EXPECT_THROW(co_await outer, cancelled);
    EXPECT_EQ(stopped, 1);
  }());
}

task<int> fails_soon() {
  co_await yield();
  throw std::runtime_error("planned");
}

TEST(Spawn, UnseenExceptionIsALineWithItsPlace) {
  testing::internal::CaptureStderr();
  unsigned dropped_at = 0, detached_at = 0;
  run([](unsigned &first, unsigned &second) -> task<> {
    first = std::source_location::current().line() + 2;
    {
      auto dropped = spawn(fails_soon());
    }
    second = std::source_location::current().line() + 1;
    spawn(fails_soon()).detach();
    int stopped = 0;
    join_handle<int> asked = spawn(forever(stopped));
    co_await yield();
    asked.request_stop();
    std::move(asked).detach(); // `cancelled` is what it was told
    for (int round = 0; round != 5; ++round)
      co_await yield();
  }(dropped_at, detached_at));
  std::string said = testing::internal::GetCapturedStderr();
  for (unsigned line : {dropped_at, detached_at})
    EXPECT_NE(said.find("task.cpp:" + std::to_string(line) +
                        ": the task that was spawned here ended with an exception that nobody saw: planned\n"),
              std::string::npos)
        << said;
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 2) << said;
}

TEST(Spawn, UnseenExceptionGoesToTheLoopsHandler) {
  testing::internal::CaptureStderr();
  std::vector<std::string> told;
  event_loop_options options = quiet();
  options.on_lost = [&](const lost_exception &what) {
    try {
      std::rethrow_exception(what.error);
    } catch (const std::exception &error) {
      told.push_back(error.what() + std::string(" ") + std::to_string(what.place.line()));
    }
  };
  unsigned line = 0;
  {
    event_loop loop(options);
    loop.run_until_complete([](unsigned &at) -> task<> {
      at = std::source_location::current().line() + 1;
      spawn(fail_after(0ms)).detach();
      {
        auto late = spawn(fail_after(0ms));
        while (!late.is_done()) // it has ended when its handle is dropped
          co_await yield();
      }
      EXPECT_THROW(co_await spawn(fail_after(0ms)), std::runtime_error); // seen
    }(line));
  }
  EXPECT_EQ(told, (std::vector<std::string>{"planned " + std::to_string(line), "planned " + std::to_string(line + 2)}));
  // A handle that outlives the loop: the handler may be gone with it.
  {
    join_handle<int> outlives;
    event_loop loop(options);
    outlives = loop.spawn(fail_after(0ms));
    loop.run_until_complete(after(5ms, 0));
    std::thread([handle = std::move(outlives)]() mutable { join_handle<int> dropped = std::move(handle); }).join();
  }
  std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  EXPECT_EQ(told.size(), 2u);
}

TEST(Spawn, FromOtherThreadsUnderLoad) {
  event_loop loop(quiet());
  std::atomic<int> ended{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i)
        loop.spawn([](std::atomic<int> &count) -> task<> {
              co_await yield();
              ++count;
            }(ended))
            .detach();
    });
  loop.run_until_complete([](std::atomic<int> &count) -> task<> {
    while (count != 2000)
      co_await sleep_for(1ms);
  }(ended));
  for (std::thread &each : threads)
    each.join();
  EXPECT_EQ(ended, 2000);
}

TEST(Spawn, LoopDestroysWhatIsLeft) {
  int alive = 0;
  {
    event_loop loop(quiet());
    auto holds = [](int &count) -> task<> {
      counted local(count);
      co_await sleep_for(1h);
    };
    loop.run_until_complete([](event_loop &on, int &count, auto body) -> task<> {
      for (int i = 0; i < 10; ++i)
        on.spawn(body(count)).detach();
      co_await sleep_for(1ms);
      EXPECT_EQ(count, 10);
      on.spawn(body(count)).detach(); // never starts
    }(loop, alive, holds));
    EXPECT_EQ(alive, 10);
  }
  EXPECT_EQ(alive, 0);
}

TEST(StopToken, IsSharedByTheChainAndCanBeReplaced) {
  run([]() -> task<> {
    auto leaf = []() -> task<bool> {
      std::stop_token token = co_await current_stop_token();
      co_return token.stop_requested();
    };
    auto middle = [&]() -> task<bool> {
      while (!(co_await leaf()))
        co_await yield();
      co_return true;
    };
    join_handle<bool> chain = spawn(middle());
    co_await yield();
    chain.request_stop();
    EXPECT_TRUE(co_await chain);

    std::stop_source other;
    int stopped = 0;
    join_handle<int> replaced = spawn(with_stop(other.get_token(), forever(stopped)));
    co_await yield();
    std::thread([&] { other.request_stop(); }).join();
    EXPECT_THROW(co_await replaced, cancelled);
    EXPECT_EQ(stopped, 1);
  }());
}

} // namespace
