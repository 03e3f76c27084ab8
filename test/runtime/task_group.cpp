// task_group: the end of the scope, errors of one and of several, stop requests, tasks that start tasks, other executors,
// what is destroyed; and when_all_settled.
#include "coroutine_test.h"

#include <tenterhook/task_group.h>
#include <tenterhook/thread_pool.h>
#include <tenterhook/timeout.h>
#include <tenterhook/when_all.h>

#include <atomic>
#include <memory>

using namespace coroutine_test;

namespace {

task<> counts_after(std::chrono::milliseconds delay, std::atomic<int> &count) {
  co_await sleep_for(delay);
  ++count;
}
task<> fails_with(std::string what, std::chrono::milliseconds delay = 0ms) {
  co_await sleep_for(delay);
  throw std::runtime_error(what);
}
// Cleans up with an error of its own.
task<> fails_when_stopped() {
  try {
    co_await sleep_for(1h);
  } catch (const cancelled &) {
    throw std::logic_error("while it was stopped");
  }
}
std::vector<std::string> messages(const task_group_error &error) {
  std::vector<std::string> all;
  for (const std::exception_ptr &each : error.errors()) {
    try {
      std::rethrow_exception(each);
    } catch (const std::exception &one) {
      all.push_back(one.what());
    }
  }
  return all;
}

TEST(TaskGroup, EndsAfterItsTasks) {
  run([]() -> task<> {
    std::atomic<int> count = 0;
    auto body = [&](task_group &group) -> task<> {
      for (int i = 0; i != 5; ++i)
        group.spawn(counts_after(std::chrono::milliseconds(i), count));
      co_return;
    };
    co_await with_task_group(body);
    EXPECT_EQ(count, 5);
    auto empty = [](task_group &) -> task<> { co_return; };
    co_await with_task_group(empty);
  }());
}

TEST(TaskGroup, SubmitGivesResults) {
  run([]() -> task<> {
    int sum = 0;
    auto body = [&](task_group &group) -> task<> {
      future<int> one = group.submit(after(2ms, 1)), two = group.submit(after(1ms, 2));
      sum = co_await std::move(one);
      sum += co_await std::move(two);
    };
    co_await with_task_group(body);
    EXPECT_EQ(sum, 3);
  }());
}

TEST(TaskGroup, TasksStartTasks) {
  run([]() -> task<> {
    std::atomic<int> count = 0;
    struct grower {
      static task<> grow(task_group &group, int depth, std::atomic<int> &grown) {
        ++grown;
        co_await sleep_for(1ms);
        for (int i = 0; depth && i != 2; ++i)
          group.spawn(grow(group, depth - 1, grown)); // after the body has ended
      }
    };
    auto body = [&](task_group &group) -> task<> {
      group.spawn(grower::grow(group, 5, count));
      co_return;
    };
    co_await with_task_group(body);
    EXPECT_EQ(count, 63);
  }());
}

TEST(TaskGroup, TheFirstErrorStopsTheOthersAndTheBody) {
  run([]() -> task<> {
    int stopped = 0;
    auto waits = [](int &count) -> task<> { co_await forever(count); };
    auto body = [&](task_group &group) -> task<> {
      group.spawn(waits(stopped));
      group.spawn(fails_with("planned", 1ms));
      group.spawn(waits(stopped));
      co_await forever(stopped);
    };
    try {
      co_await with_task_group(body);
      ADD_FAILURE() << "no error";
    } catch (const task_group_error &error) {
      EXPECT_EQ(messages(error), std::vector<std::string>{"planned"});
      EXPECT_STREQ(error.what(), "1 exception in a task group: planned");
    }
    EXPECT_EQ(stopped, 3);
  }());
}

TEST(TaskGroup, NoErrorIsLost) {
  run([]() -> task<> {
    auto body = [](task_group &group) -> task<> {
      group.spawn(fails_when_stopped());
      group.spawn(fails_with("first", 1ms));
      future<int> failing = group.submit([]() -> task<int> {
        co_await fails_when_stopped();
        co_return 0;
      }());
      co_await fails_when_stopped();
    };
    try {
      co_await with_task_group(body);
      ADD_FAILURE() << "no error";
    } catch (const task_group_error &error) {
      const char *stopped = "while it was stopped";
      EXPECT_EQ(messages(error), (std::vector<std::string>{"first", stopped, stopped, stopped})) << error.what();
    }
  }());
}

TEST(TaskGroup, AStopOfTheParentReachesAllAndIsWaitedFor) {
  run([]() -> task<> {
    int stopped = 0;
    bool went_on = false;
    auto parent = [&]() -> task<> {
      auto waits = [](int &count) -> task<> { co_await forever(count); };
      auto body = [&](task_group &group) -> task<> {
        group.spawn(waits(stopped));
        group.spawn(waits(stopped));
        co_return; // the group waits for the tasks alone
      };
      co_await with_task_group(body);
      went_on = true;
    };
    EXPECT_THROW(co_await timeout(parent(), 5ms), timed_out);
    EXPECT_EQ(stopped, 2);
    EXPECT_FALSE(went_on);
  }());
}

TEST(TaskGroup, RequestStopIsNoError) {
  run([]() -> task<> {
    int stopped = 0;
    auto waits = [](int &count) -> task<> { co_await forever(count); };
    auto body = [&](task_group &group) -> task<> {
      group.spawn(waits(stopped));
      co_await yield();
      group.request_stop();
      group.spawn(waits(stopped)); // told at once
    };
    co_await with_task_group(body);
    EXPECT_EQ(stopped, 2);
    // A task that was stopped by somebody else is none either; a body that was is.
    auto gives_up = []() -> task<> {
      throw cancelled();
      co_return;
    };
    std::atomic<int> count = 0;
    auto other = [&](task_group &group) -> task<> {
      group.spawn(gives_up());
      group.spawn(counts_after(2ms, count));
      co_return;
    };
    co_await with_task_group(other);
    EXPECT_EQ(count, 1);
    auto unasked = [&](task_group &group) -> task<> {
      group.spawn(counts_after(2ms, count));
      throw cancelled();
      co_return;
    };
    EXPECT_THROW(co_await with_task_group(unasked), cancelled);
    EXPECT_EQ(count, 2);
  }());
}

TEST(TaskGroup, RunsTasksOnPoolsAndIsEnteredFromThere) {
  thread_pool pool(3);
  run([](thread_pool &workers) -> task<> {
    std::atomic<int> count = 0;
    auto on_worker = [](task_group &group, thread_pool &here, std::atomic<int> &counted, int depth, auto self) -> task<> {
      EXPECT_TRUE(here.runs_here());
      ++counted;
      if (depth)
        for (int i = 0; i != 3; ++i)
          group.spawn(self(group, here, counted, depth - 1, self));
      co_return;
    };
    for (int round = 0; round != 20; ++round) {
      auto body = [&](task_group &group) -> task<> {
        for (int i = 0; i != 10; ++i)
          group.spawn(on_worker(group, workers, count, 2, on_worker), workers);
        co_return;
      };
      co_await with_task_group(body);
      EXPECT_TRUE(event_loop::current());
      EXPECT_EQ(count, (round + 1) * 130);
    }
    auto failing = [&](task_group &group) -> task<> {
      for (int i = 0; i != 10; ++i)
        group.spawn(
            []() -> task<> {
              throw std::runtime_error("on a worker");
              co_return;
            }(),
            workers);
      co_return;
    };
    try {
      co_await with_task_group(failing);
      ADD_FAILURE() << "no error";
    } catch (const task_group_error &error) {
      EXPECT_EQ(error.errors().size(), 10u);
    }
  }(pool));
}

TEST(TaskGroup, ADestroyedLoopTakesItAlong) {
  auto alive = std::make_shared<int>(0);
  {
    event_loop loop(quiet());
    auto holds = [](std::shared_ptr<int>) -> task<> { co_await sleep_for(1h); };
    auto parent = [](std::shared_ptr<int> kept, auto child) -> task<> {
      auto body = [&](task_group &group) -> task<> {
        group.spawn(child(kept));
        group.spawn(child(kept));
        co_await sleep_for(1h);
      };
      co_await with_task_group(body);
    };
    loop.spawn(parent(alive, holds)).detach();
    loop.run_until_complete(after(2ms, 0));
    EXPECT_GT(alive.use_count(), 2);
  }
  EXPECT_EQ(alive.use_count(), 1);
}

// A body that is a plain function may throw when tasks run already.
TEST(TaskGroup, ABodyThatIsNoCoroutineAndThrows) {
  thread_pool pool(1);
  run([](thread_pool &workers) -> task<> {
    std::atomic<int> count = 0;
    int stopped = 0;
    auto waits = [](int &told) -> task<> { co_await forever(told); };
    auto on_worker = [](std::atomic<int> &counted) -> task<> {
      std::this_thread::sleep_for(5ms);
      ++counted;
      co_return;
    };
    auto throws = [&](task_group &group) -> task<> {
      group.spawn(waits(stopped));
      group.spawn(on_worker(count), workers);
      throw std::runtime_error("before there was a task");
    };
    try {
      co_await with_task_group(throws);
      ADD_FAILURE() << "no error";
    } catch (const task_group_error &error) {
      EXPECT_EQ(messages(error), std::vector<std::string>{"before there was a task"});
    }
    EXPECT_EQ(count, 1);
    EXPECT_EQ(stopped, 1);
    auto throws_no_exception = [&](task_group &group) -> task<> {
      group.spawn(on_worker(count), workers);
      throw 7;
    };
    EXPECT_THROW(co_await with_task_group(throws_no_exception), task_group_error);
    EXPECT_EQ(count, 2);
    auto stops = [&](task_group &group) -> task<> {
      group.spawn(on_worker(count), workers);
      throw cancelled();
    };
    EXPECT_THROW(co_await with_task_group(stops), cancelled);
    EXPECT_EQ(count, 3);
    auto empty = [](task_group &) -> task<> { throw std::logic_error("nothing was started"); };
    EXPECT_THROW(co_await with_task_group(empty), task_group_error);
    auto inner = [&](task_group &) -> task<> { return with_task_group(throws); };
    EXPECT_THROW(co_await with_task_group(inner), task_group_error);
    EXPECT_EQ(count, 4);
  }(pool));
}

// Its loop goes; what runs on a pool meanwhile still has the group, and what the body has captured.
TEST(TaskGroup, OutlivesTheFrameThatAwaitsItForTasksOnPools) {
  for (int round = 0; round != 10; ++round) {
    thread_pool pool(1);
    std::atomic<bool> begun = false, gone = false;
    std::atomic<int> started = 0;
    {
      event_loop loop(quiet());
      auto on_worker = [](task_group &group, const std::string &text, std::atomic<bool> &begins, std::atomic<bool> &is_gone,
                          std::atomic<int> &starts) -> task<> {
        begins = true;
        while (!is_gone)
          std::this_thread::yield();
        EXPECT_EQ(text, "of the body, and too long to lie within the string itself");
        auto counts = [](std::atomic<int> &counted) -> task<> {
          ++counted;
          std::stop_token told = co_await current_stop_token();
          EXPECT_TRUE(told.stop_requested());
        };
        group.spawn(counts(starts));
        (void)group.submit(counts(starts));
        group.request_stop();
        co_return;
      };
      std::string captured = "of the body, and too long to lie within the string itself";
      auto body = [&, text = std::move(captured)](task_group &group) -> task<> {
        group.spawn(on_worker(group, text, begun, gone, started), pool);
        co_await sleep_for(1h);
      };
      loop.spawn(with_task_group(std::move(body))).detach();
      auto until_begun = [](std::atomic<bool> &begins) -> task<> {
        while (!begins)
          co_await yield();
      };
      loop.run_until_complete(until_begun(begun));
    }
    gone = true;
    pool.shutdown();
    EXPECT_EQ(started, 2);
  }
}

TEST(TaskGroup, IsClosedAfterItsEnd) {
  run([]() -> task<> {
    std::atomic<int> count = 0;
    auto keeper = [](task_group &group, std::atomic<int> &counted) -> task<> {
      group.spawn(counts_after(0ms, counted));
      co_return;
    };
    auto body = [&](task_group &group) -> task<> { return keeper(group, count); };
    co_await with_task_group(body);
    EXPECT_EQ(count, 1);
    detail::group_state ended;
    ended.leave();
    EXPECT_THROW(ended.enter(), closed);
  }());
}

// A task that never begins, since its executor was closed before, is an error of the group and of its future.
TEST(TaskGroup, ATaskOfAClosedPoolIsAnError) {
  thread_pool dead(1);
  dead.shutdown();
  run([](thread_pool &pool) -> task<> {
    bool began = false;
    auto begins = [&]() -> task<int> {
      began = true;
      co_return 1;
    };
    auto begins_too = [&]() -> task<> { co_await begins(); };
    auto spawns = [&](task_group &group) -> task<> {
      group.spawn(begins_too(), pool);
      co_await sleep_for(1h); // is told to stop
    };
    try {
      co_await with_task_group(spawns);
      ADD_FAILURE();
    } catch (const task_group_error &error) {
      EXPECT_EQ(error.errors().size(), 1u);
      EXPECT_THROW(std::rethrow_exception(error.errors().front()), closed);
    }
    auto submits = [&](task_group &group) -> task<> {
      future<int> value = group.submit(begins(), pool);
      future<void> nothing = group.submit(begins_too(), pool);
      EXPECT_THROW(value.get(), closed);
      EXPECT_THROW(nothing.get(), closed);
      co_return;
    };
    EXPECT_THROW(co_await with_task_group(submits), task_group_error);
    EXPECT_FALSE(began);
  }(dead));
}

TEST(TaskGroup, ATaskOfAPoolThatIsStoppedBeforeItBeginsIsAnError) {
  run([]() -> task<> {
    thread_pool pool(1);
    std::atomic<bool> began = false, goes = false;
    pool.post([&] {
      began = true;
      while (!goes)
        std::this_thread::yield();
    });
    auto one = []() -> task<int> { co_return 1; };
    std::optional<future<int>> value;
    auto submits = [&](task_group &group) -> task<> {
      while (!began)
        std::this_thread::yield();
      value = group.submit(one(), pool);
      std::jthread stops([&] { pool.stop(); });
      while (pool.queued() != 0)
        std::this_thread::yield();
      goes = true;
      co_return;
    };
    EXPECT_THROW(co_await with_task_group(submits), task_group_error);
    EXPECT_THROW(value->get(), closed);
  }());
}

TEST(TaskGroup, ATaskThatIsDestroyedWhereItWaitsLeavesCancelled) {
  run([]() -> task<> {
    auto pool = std::make_unique<thread_pool>(1);
    std::atomic<bool> began = false;
    promise<int> never;
    auto waits = [&]() -> task<int> {
      began = true;
      co_return co_await never.get_future();
    };
    std::optional<future<int>> value;
    auto submits = [&](task_group &group) -> task<> {
      value = group.submit(waits(), *pool);
      while (!began)
        std::this_thread::yield();
      pool.reset();
      co_return;
    };
    co_await with_task_group(submits);
    EXPECT_THROW(value->get(), cancelled);
  }());
}

TEST(WhenAllSettled, GivesWhatEachCameTo) {
  run([]() -> task<> {
    auto nothing = []() -> task<> { co_await yield(); };
    auto [value, error, empty] = co_await when_all_settled(after(2ms, 7), fail_after(0ms), nothing());
    EXPECT_TRUE(value.has_value());
    EXPECT_EQ(value.error(), nullptr);
    EXPECT_EQ(value.get(), 7);
    EXPECT_FALSE(error.has_value());
    EXPECT_THROW(std::rethrow_exception(error.error()), std::runtime_error);
    EXPECT_THROW(error.get(), std::runtime_error);
    EXPECT_TRUE(empty.has_value());
    empty.get();

    std::vector<task<std::unique_ptr<int>>> owners;
    for (int i = 0; i != 4; ++i)
      owners.push_back([](int n) -> task<std::unique_ptr<int>> {
        if (n == 2)
          throw std::runtime_error("two");
        co_return std::make_unique<int>(n);
      }(i));
    auto all = co_await when_all_settled(std::move(owners));
    EXPECT_EQ(all.size(), 4u);
    for (int i = 0; i != 4; ++i) {
      EXPECT_EQ(all[i].has_value(), i != 2);
      if (i != 2) {
        EXPECT_EQ(*all[i].get(), i);
      }
    }
    EXPECT_TRUE((co_await when_all_settled(std::vector<task<int>>())).empty());
  }());
}

TEST(WhenAllSettled, AStopIsAResultToo) {
  run([]() -> task<> {
    int stopped = 0;
    auto parent = [&]() -> task<int> {
      auto [first, second] = co_await when_all_settled(forever(stopped), after(0ms, 5));
      EXPECT_THROW(first.get(), cancelled);
      co_return second.get();
    };
    join_handle<int> running = spawn(parent());
    co_await sleep_for(5ms);
    running.request_stop();
    EXPECT_EQ(co_await running, 5);
  }());
}

} // namespace
