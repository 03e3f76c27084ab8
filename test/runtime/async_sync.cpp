// async_mutex, async_semaphore, async_queue: order, hand-off, cancellation, destruction while waiting, several threads.
#include "coroutine_test.h"

#include <tenterhook/async_mutex.h>
#include <tenterhook/async_queue.h>
#include <tenterhook/async_semaphore.h>
#include <tenterhook/when_all.h>

#include <thread>

using namespace coroutine_test;

namespace {

TEST(AsyncMutex, IsHeldAcrossAwaitsAndServesInOrder) {
  run([]() -> task<> {
    async_mutex mutex;
    std::vector<int> order;
    auto body = [&](int number) -> task<> {
      async_mutex::guard held = co_await mutex.lock();
      order.push_back(number);
      co_await sleep_for(1ms);
      order.push_back(number);
    };
    co_await when_all(body(1), body(2), body(3));
    EXPECT_EQ(order, (std::vector{1, 1, 2, 2, 3, 3}));
    EXPECT_TRUE(bool(mutex.try_lock()));
  }());
}

TEST(AsyncMutex, HandOffCannotBeOvertaken) {
  run([]() -> task<> {
    async_mutex mutex;
    async_mutex::guard held = co_await mutex.lock();
    EXPECT_FALSE(mutex.try_lock());
    bool got = false;
    auto waits = [&]() -> task<> {
      auto mine = co_await mutex.lock();
      got = true;
    };
    join_handle<void> waiting = spawn(waits());
    co_await yield();
    held.unlock();
    EXPECT_FALSE(mutex.try_lock()); // it belongs to who waited, though that one has not run yet
    co_await waiting;
    EXPECT_TRUE(got);
  }());
}

TEST(AsyncMutex, StoppedWaitersLeaveTheLine) {
  run([]() -> task<> {
    async_mutex mutex;
    async_mutex::guard held = co_await mutex.lock();
    auto waits = [&]() -> task<> { auto mine = co_await mutex.lock(); };
    join_handle<void> first = spawn(waits()), second = spawn(waits());
    co_await yield();
    first.request_stop();
    EXPECT_THROW(co_await first, cancelled);
    held.unlock();
    co_await second;
    join_handle<void> alone = spawn(waits());
    held = co_await mutex.lock();
    co_await yield();
    alone.request_stop();
    EXPECT_THROW(co_await alone, cancelled);
    held.unlock();
    EXPECT_TRUE(bool(mutex.try_lock()));
  }());
}

TEST(AsyncMutex, WaiterDestroyedInLineOrOnItsWay) {
  async_mutex mutex;
  async_mutex::guard held = mutex.try_lock();
  for (bool granted : {false, true}) {
    event_loop loop(quiet());
    loop.run_until_complete([](async_mutex &m, async_mutex::guard &own, bool give) -> task<> {
      auto waits = [](async_mutex &of) -> task<> { auto mine = co_await of.lock(); };
      spawn(waits(m)).detach();
      co_await yield();
      if (give)
        own.unlock(); // the waiter owns it now, and the loop ends before it runs
    }(mutex, held, granted));
  }
  EXPECT_TRUE(bool(mutex.try_lock()));
}

TEST(AsyncMutex, ExcludesAcrossLoopsOnSeveralThreads) {
  async_mutex mutex;
  int unprotected = 0;
  auto body = [&]() -> task<> {
    for (int i = 0; i < 2000; ++i) {
      auto held = co_await mutex.lock();
      ++unprotected;
      if (i % 16 == 0)
        co_await yield();
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] { run(when_all(body(), body())); });
  for (std::thread &each : threads)
    each.join();
  EXPECT_EQ(unprotected, 12000);
}

TEST(AsyncMutex, StopsAndGrantsRaceWithoutLoss) {
  async_mutex mutex;
  std::atomic<int> got{0}, gave_up{0};
  auto body = [&]() -> task<> {
    try {
      auto held = co_await mutex.lock();
      ++got;
      co_await yield();
    } catch (const cancelled &) {
      ++gave_up;
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] {
      run([](auto work) -> task<> {
        for (int i = 0; i < 300; ++i) {
          join_handle<void> one = spawn(work()), two = spawn(work());
          co_await yield();
          std::thread other([&] { one.request_stop(); });
          try {
            co_await one;
          } catch (const cancelled &) { // stopped in its yield
          }
          other.join();
          co_await two;
        }
      }(body));
    });
  for (std::thread &each : threads)
    each.join();
  EXPECT_GE(got, 900);
  EXPECT_TRUE(bool(mutex.try_lock()));
}

TEST(AsyncSemaphore, LetsThatManyIn) {
  run([]() -> task<> {
    async_semaphore semaphore(3);
    int inside = 0, most = 0;
    std::vector<task<>> tasks;
    auto body = [&]() -> task<> {
      auto permit = co_await semaphore.acquire();
      most = std::max(most, ++inside);
      co_await sleep_for(1ms);
      --inside;
    };
    for (int i = 0; i < 20; ++i)
      tasks.push_back(body());
    co_await when_all(std::move(tasks));
    EXPECT_EQ(most, 3);
    EXPECT_EQ(semaphore.available(), 3u);
  }());
}

TEST(AsyncSemaphore, StopLosesNoPermit) {
  run([]() -> task<> {
    async_semaphore semaphore(0);
    auto waits = [&]() -> task<> { auto permit = co_await semaphore.acquire(); };
    join_handle<void> first = spawn(waits()), second = spawn(waits());
    co_await yield();
    first.request_stop();
    EXPECT_THROW(co_await first, cancelled);
    semaphore.release();
    co_await second;
    EXPECT_EQ(semaphore.available(), 1u);
    auto kept = semaphore.try_acquire();
    EXPECT_TRUE(bool(kept));
    EXPECT_FALSE(semaphore.try_acquire());
    std::move(kept).keep();
    EXPECT_EQ(semaphore.available(), 0u);
  }());
}

TEST(AsyncQueue, IsBoundedAndInOrder) {
  run([]() -> task<> {
    async_queue<int> queue(2);
    int pushed = 0;
    auto produce = [&]() -> task<> {
      for (; pushed < 100; ++pushed)
        co_await queue.push(pushed);
      queue.close();
    };
    auto consume = [&]() -> task<> {
      int expected = 0;
      co_await sleep_for(1ms);
      EXPECT_LE(pushed, 2);
      while (std::optional<int> value = co_await queue.pop())
        EXPECT_EQ(*value, expected++);
      EXPECT_EQ(expected, 100);
    };
    co_await when_all(produce(), consume());
  }());
}

TEST(AsyncQueue, CloseWakesEverybody) {
  run([]() -> task<> {
    async_queue<std::unique_ptr<int>> queue(1);
    auto pops = [&]() -> task<bool> { co_return bool(co_await queue.pop()); };
    auto pushes = [&]() -> task<> { co_await queue.push(std::make_unique<int>(1)); };
    join_handle<bool> popping = spawn(pops());
    co_await yield();
    queue.close();
    EXPECT_FALSE(co_await popping);
    EXPECT_THROW(co_await pushes(), closed);

    async_queue<int> full(1);
    co_await full.push(1);
    auto pushes_full = [&]() -> task<> { co_await full.push(2); };
    join_handle<void> pushing = spawn(pushes_full());
    co_await yield();
    full.close();
    EXPECT_THROW(co_await pushing, closed);
    EXPECT_EQ(co_await full.pop(), 1); // what was in it can be popped still
    EXPECT_EQ(co_await full.pop(), std::nullopt);
    EXPECT_THROW(async_queue<int>(0), std::invalid_argument);
  }());
}

TEST(AsyncQueue, StopLeavesTheQueueAsItWas) {
  run([]() -> task<> {
    async_queue<int> queue(1);
    auto pops = [&]() -> task<> { co_await queue.pop(); };
    auto pushes = [&]() -> task<> { co_await queue.push(2); };
    join_handle<void> popping = spawn(pops());
    co_await yield();
    popping.request_stop();
    EXPECT_THROW(co_await popping, cancelled);
    co_await queue.push(1);
    join_handle<void> pushing = spawn(pushes());
    co_await yield();
    pushing.request_stop();
    EXPECT_THROW(co_await pushing, cancelled);
    EXPECT_EQ(co_await queue.pop(), 1);
    EXPECT_EQ(queue.try_pop(), std::nullopt);
  }());
}

TEST(AsyncQueue, BetweenThreads) {
  async_queue<int> queue(8);
  std::atomic<long> sum{0};
  std::thread consumer([&] {
    run([](async_queue<int> &from, std::atomic<long> &total) -> task<> {
      while (std::optional<int> value = co_await from.pop())
        total += *value;
    }(queue, sum));
  });
  run([](async_queue<int> &to) -> task<> {
    for (int i = 1; i <= 5000; ++i)
      co_await to.push(i);
    to.close();
  }(queue));
  consumer.join();
  EXPECT_EQ(sum, 5000L * 5001 / 2);
}

} // namespace
