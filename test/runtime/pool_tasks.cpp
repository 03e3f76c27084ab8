// Tasks that were spawned on a thread_pool and wait for something when the pool ends.
#include "coroutine_test.h"

#include <tenterhook/async_mutex.h>
#include <tenterhook/async_queue.h>
#include <tenterhook/run_in_executor.h>
#include <tenterhook/thread_pool.h>

#include <memory>
#include <thread>

using namespace coroutine_test;

namespace {

struct traces {
  std::shared_ptr<int> alive = std::make_shared<int>(0);
  std::atomic<int> waits{0}, told{0}, went_on{0};
};
// Says that it waits, and what became of the wait.
task<> waits_for(future<void> awaited, std::shared_ptr<int>, traces &seen) {
  ++seen.waits;
  try {
    co_await std::move(awaited);
    ++seen.went_on;
  } catch (const cancelled &) {
    ++seen.told;
    throw;
  }
}
void until(const std::atomic<int> &count, int wanted) {
  while (count < wanted)
    std::this_thread::yield();
}

enum class ending { destructor, shutdown, stop };
class PoolTasks : public testing::TestWithParam<ending> {
protected:
  static void end(std::unique_ptr<thread_pool> &pool) {
    if (GetParam() == ending::shutdown)
      pool->shutdown();
    if (GetParam() == ending::stop)
      pool->stop();
    pool.reset();
  }
};
std::string name_of(const testing::TestParamInfo<ending> &info) {
  const char *names[] = {"Destructor", "Shutdown", "Stop"};
  return names[info.index];
}
INSTANTIATE_TEST_SUITE_P(, PoolTasks, testing::Values(ending::destructor, ending::shutdown, ending::stop), name_of);

TEST_P(PoolTasks, EndWithThePool) {
  traces seen;
  promise<void> never;
  auto pool = std::make_unique<thread_pool>(2);
  spawn(waits_for(never.get_future(), seen.alive, seen), *pool).detach();
  until(seen.waits, 1);
  end(pool);
  EXPECT_EQ(seen.alive.use_count(), 1) << "the frame is gone";
  if (GetParam() == ending::stop) // a worker that is quick tells it before the pool is closed
    EXPECT_LE(seen.told, 1);
  else
    EXPECT_EQ(seen.told, GetParam() == ending::shutdown ? 1 : 0);
  never.set_value(); // goes nowhere
  EXPECT_EQ(seen.went_on, 0);
}

TEST_P(PoolTasks, WhoJoinsThemIsTold) {
  traces seen;
  promise<void> never;
  auto pool = std::make_unique<thread_pool>(1);
  join_handle<void> handle = spawn(waits_for(never.get_future(), seen.alive, seen), *pool);
  auto joins = [](join_handle<void> joined) -> task<int> {
    try {
      co_await joined;
    } catch (const cancelled &) {
      co_return 1;
    }
    co_return 0;
  };
  std::jthread ends([&] {
    until(seen.waits, 1);
    end(pool);
  });
  EXPECT_EQ(run(joins(std::move(handle))), 1);
}

// Nested tasks, lines and calls elsewhere: each awaiter leaves what it waits at.
TEST_P(PoolTasks, WaitAtManyThings) {
  for (int round = 0; round < 5; ++round) {
    std::atomic<bool> open = false; // outlives `other`, which may run `call` after all else has ended
    thread_pool other(1);
    async_mutex mutex;
    async_queue<int> queue(1);
    std::atomic<int> begun = 0;
    auto kept = std::make_shared<int>(0);
    async_mutex::guard held = mutex.try_lock();
    auto pool = std::make_unique<thread_pool>(2);
    auto at_mutex = [&](std::shared_ptr<int>) -> task<> {
      ++begun;
      auto guard = co_await mutex.lock();
    };
    auto nested = [&](std::shared_ptr<int> mine) -> task<> { co_await at_mutex(mine); };
    auto at_queue = [&](std::shared_ptr<int>) -> task<> {
      ++begun;
      co_await queue.pop();
    };
    auto call = [&open] {
      while (!open)
        std::this_thread::yield();
    };
    auto elsewhere = [&](std::shared_ptr<int>) -> task<> {
      ++begun;
      co_await run_in_executor(other, call);
    };
    spawn(at_mutex(kept), *pool).detach();
    spawn(nested(kept), *pool).detach();
    spawn(at_queue(kept), *pool).detach();
    spawn(elsewhere(kept), *pool).detach();
    until(begun, 4);
    std::jthread completes([&] { // while the pool ends
      open = true;
      held.unlock();
      queue.close();
    });
    end(pool);
    EXPECT_EQ(kept.use_count(), 1);
  }
}

TEST(PoolTask, ShutdownLetsThemFinishAndCleanUp) {
  thread_pool pool(2), helper(1);
  std::atomic<int> finished = 0;
  promise<void> never;
  auto body = [&](future<void> awaited) -> task<> {
    bool told = false;
    try {
      co_await std::move(awaited);
    } catch (const cancelled &) {
      told = true;
    }
    auto slow = [] { std::this_thread::sleep_for(2ms); };
    co_await run_in_executor(helper, slow); // not told: a call cannot be stopped
    finished += told;
  };
  join_handle<void> handle = spawn(body(never.get_future()), pool);
  pool.shutdown();
  EXPECT_TRUE(handle.is_done());
  EXPECT_EQ(finished, 1);
}

TEST(PoolTask, WorkThatIsQueuedEndsBeforeTasksAreTold) {
  traces seen;
  thread_pool pool(1);
  auto body = [&]() -> task<> {
    for (int i = 0; i < 50; ++i)
      co_await yield();
    co_await pool.submit([] {}); // from a worker: is taken until the pool is closed
    ++seen.went_on;
  };
  spawn(body(), pool).detach();
  pool.shutdown();
  EXPECT_EQ(seen.went_on, 1);
}

TEST(PoolTask, OneThatIsSpawnedAtTheEndIsToldAtOnce) {
  traces seen;
  promise<void> first, second;
  thread_pool pool(2);
  auto body = [&]() -> task<> {
    try {
      co_await waits_for(first.get_future(), nullptr, seen);
    } catch (const cancelled &) {
      spawn(waits_for(second.get_future(), nullptr, seen)).detach();
    }
  };
  spawn(body(), pool).detach();
  until(seen.waits, 1);
  pool.shutdown();
  EXPECT_EQ(seen.told, 2);
}

} // namespace
