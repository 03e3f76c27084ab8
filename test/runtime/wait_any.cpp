// wait_any over tasks and futures, as_completed with a limit of time, async_event, async_condition_variable.
#include "coroutine_test.h"

#include <tenterhook/as_completed.h>
#include <tenterhook/async_condition_variable.h>
#include <tenterhook/async_event.h>
#include <tenterhook/thread_pool.h>
#include <tenterhook/timeout.h>
#include <tenterhook/wait_any.h>
#include <tenterhook/when_all.h>

#include <thread>

using namespace coroutine_test;

namespace {

TEST(WaitAny, TheOthersRunOn) {
  run([]() -> task<> {
    auto waits = [](future<int> on) -> task<int> { co_return co_await std::move(on); };
    std::vector<promise<int>> promises(3);
    std::vector<join_handle<int>> running;
    for (promise<int> &each : promises)
      running.push_back(spawn(waits(each.get_future())));
    std::vector<int> order;
    for (int next : {1, 2, 0}) {
      event_loop::current()->call_soon([&] { promises[std::size_t(next)].set_value(next); });
      auto ended = running.begin() + std::ptrdiff_t(co_await wait_any(running));
      EXPECT_TRUE(ended->is_done());
      order.push_back(co_await *ended);
      running.erase(ended);
    }
    EXPECT_EQ(order, (std::vector{1, 2, 0}));
    EXPECT_THROW(co_await wait_any(running), std::invalid_argument);
  }());
}

TEST(WaitAny, OfDifferentKindsAndOfWhatHasEnded) {
  thread_pool pool(1);
  run([](thread_pool &workers) -> task<> {
    promise<int> made;
    future<int> never = made.get_future();
    join_handle<int> slow = spawn(after(1h, 0)), fails = spawn(fail_after(1ms));
    EXPECT_EQ(co_await wait_any(never, slow, fails), 2u);
    EXPECT_EQ(co_await wait_any(slow, fails), 1u) << "again, at once";
    EXPECT_THROW(co_await fails, std::runtime_error);
    future<std::string> text = workers.submit([] { return std::string("done"); });
    EXPECT_EQ(co_await wait_any(slow, text, never), 1u);
    EXPECT_EQ(text.get(), "done");
    std::vector<future<int>> ready;
    ready.push_back(std::move(never));
    ready.push_back(make_ready(2));
    ready.push_back(make_ready(3));
    EXPECT_EQ(co_await wait_any(ready), 1u) << "the first in the order given";
    EXPECT_EQ(ready[2].get(), 3);
    made.set_value(1);
    EXPECT_EQ(co_await std::move(ready[0]), 1) << "still awaited as any other";
    slow.request_stop();
    EXPECT_THROW(co_await slow, cancelled);
  }(pool));
}

// Whichever ended first.
TEST(WaitAny, TheFirstInTheOrderGivenOfThoseThatHaveEnded) {
  run([]() -> task<> {
    auto at_once = []() -> task<int> { co_return 1; };
    for (int waiting : {0, 1}) {
      join_handle<int> slow = spawn(after(1h, 0));
      join_handle<int> second = spawn(at_once()), first = spawn(at_once()); // they end in this order
      if (!waiting)
        while (!first.is_done())
          co_await yield();
      EXPECT_EQ(co_await wait_any(slow, first, second), 1u);
      EXPECT_TRUE(second.is_done());
      promise<int> one, two;
      future<int> of_one = one.get_future(), of_two = two.get_future();
      auto set = [&] {
        two.set_value(2);
        one.set_value(1);
      };
      if (waiting)
        event_loop::current()->call_soon(set);
      else
        set();
      EXPECT_EQ(co_await wait_any(slow, of_one, of_two), 1u);
      slow.request_stop();
    }
  }());
}

TEST(WaitAny, AStopEndsTheWaitAlone) {
  run([]() -> task<> {
    int stopped = 0;
    join_handle<int> kept = spawn(forever(stopped));
    auto waits = [](join_handle<int> &on) -> task<> { co_await wait_any(on); };
    EXPECT_THROW(co_await timeout(waits(kept), 2ms), timed_out);
    EXPECT_EQ(stopped, 0);
    EXPECT_FALSE(kept.is_done());
    kept.request_stop();
    EXPECT_EQ(co_await wait_any(kept), 0u);
    EXPECT_THROW(co_await kept, cancelled);
    EXPECT_EQ(stopped, 1);
  }());
}

TEST(WaitAny, UnderLoadFromOtherThreads) {
  thread_pool pool(3);
  run([](thread_pool &workers) -> task<> {
    for (int round = 0; round != 200; ++round) {
      std::vector<future<int>> futures;
      for (int i = 0; i != 8; ++i)
        futures.push_back(workers.submit([i] { return i; }));
      int sum = 0;
      while (!futures.empty()) {
        auto ended = futures.begin() + std::ptrdiff_t(co_await wait_any(futures));
        sum += ended->get();
        futures.erase(ended);
      }
      EXPECT_EQ(sum, 28);
      // Tasks that end on another executor while the wait goes away.
      auto at_once = [](int n) -> task<int> { co_return n; };
      join_handle<int> a = spawn(at_once(1), workers), b = spawn(at_once(2), workers);
      EXPECT_LT(co_await wait_any(a, b), 2u);
      EXPECT_EQ(co_await a + co_await b, 3);
    }
  }(pool));
}

// It would go on within what ends there, and wait for that.
TEST(WaitAny, NeedsAnExecutor) {
  event_loop loop(quiet());
  join_handle<int> ended = loop.spawn(after(1ms, 1));
  auto body = [&]() -> task<> { (void)co_await wait_any(ended); };
  task<> outside = body();
  outside.handle().promise().continuation = std::noop_coroutine();
  outside.handle().resume();
  ASSERT_FALSE(outside.handle().promise().result.has_nothing());
  EXPECT_THROW(outside.handle().promise().result.take(), std::logic_error);
}

TEST(WaitAny, IsDestroyedWithItsLoop) {
  promise<int> made;
  future<int> kept = made.get_future();
  {
    event_loop loop(quiet());
    loop.spawn([](future<int> &on) -> task<> { co_await wait_any(on); }(kept)).detach();
    loop.run_until_complete(after(1ms, 0));
  }
  made.set_value(4);
  EXPECT_EQ(kept.get(), 4);
}

TEST(AsCompletedLimit, IteratesUntilItIsOver) {
  promise<int> late;
  std::vector<future<int>> futures;
  futures.push_back(late.get_future());
  futures.push_back(make_ready(1));
  std::vector<std::size_t> seen;
  auto results = as_completed(std::move(futures), 5ms);
  auto all = [&] {
    for (auto [index, done] : results)
      seen.push_back(index);
  };
  EXPECT_THROW(all(), timed_out);
  EXPECT_EQ(seen, std::vector<std::size_t>{1});
  EXPECT_EQ(results.left(), 1u);
  EXPECT_THROW((void)results.next(), timed_out) << "it stays over";
  late.set_value(9);
  EXPECT_EQ(results.next()->done.get(), 9) << "what is there is given out";
  EXPECT_FALSE(results.next());
}

TEST(AsCompletedLimit, RestGivesBackWhatIsMissing) {
  promise<int> late, later;
  std::vector<future<int>> futures;
  futures.push_back(late.get_future());
  futures.push_back(make_ready(1));
  futures.push_back(later.get_future());
  auto results = as_completed(std::move(futures), 1ms);
  EXPECT_EQ(results.next()->index, 1u);
  EXPECT_THROW((void)results.next(), timed_out);
  late.set_value(5); // ready, and not asked for
  std::vector<completion<int>> rest = results.rest();
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest[0].index, 0u);
  EXPECT_EQ(rest[0].done.get(), 5);
  EXPECT_FALSE(results.next()) << "nothing is left";
  later.set_value(6);
  EXPECT_EQ(rest[1].done.get(), 6);
}

TEST(AsCompletedLimit, InACoroutine) {
  run([]() -> task<> {
    promise<int> late;
    std::vector<future<int>> futures;
    futures.push_back(late.get_future());
    futures.push_back(make_ready(1));
    auto results = as_completed(std::move(futures), 5ms);
    auto first = co_await results.next_async();
    EXPECT_EQ(first->index, 1u);
    EXPECT_THROW((void)co_await results.next_async(), timed_out);
    EXPECT_THROW((void)co_await results.next_async(), timed_out);
    late.set_value(7);
    auto second = co_await results.next_async();
    EXPECT_EQ(second->done.get(), 7);
    EXPECT_FALSE(co_await results.next_async());
    // In time.
    promise<int> soon;
    std::vector<future<int>> others;
    others.push_back(soon.get_future());
    auto in_time = as_completed(std::move(others), 1h);
    event_loop::current()->call_later(1ms, [&] { soon.set_value(3); });
    auto third = co_await in_time.next_async();
    EXPECT_EQ(third->done.get(), 3);
    // Told to stop before the limit.
    promise<int> never;
    std::vector<future<int>> missing;
    missing.push_back(never.get_future());
    auto waits = [](std::vector<future<int>> on) -> task<> {
      auto stopped = as_completed(std::move(on), 1h);
      co_await stopped.next_async();
    };
    join_handle<void> waiting = spawn(waits(std::move(missing)));
    co_await sleep_for(1ms);
    waiting.request_stop();
    EXPECT_THROW(co_await waiting, cancelled);
  }());
}

TEST(AsyncEvent, LetsAllGoOnAndStaysSet) {
  run([]() -> task<> {
    async_event started;
    int through = 0;
    auto waits = [](async_event &on, int &count) -> task<> {
      co_await on.wait();
      ++count;
    };
    auto first = spawn(waits(started, through)), second = spawn(waits(started, through));
    co_await sleep_for(1ms);
    EXPECT_EQ(through, 0);
    started.set();
    co_await first;
    co_await second;
    co_await started.wait();
    EXPECT_EQ(through, 2);
    started.clear();
    EXPECT_FALSE(started.is_set());
    EXPECT_THROW(co_await timeout(waits(started, through), 1ms), timed_out);
    EXPECT_EQ(through, 2);
    started.set(); // nobody waits any more
    EXPECT_TRUE(async_event(true).is_set());
  }());
}

TEST(AsyncEvent, IsSetByOtherThreads) {
  event_loop loop(quiet());
  for (int round = 0; round != 100; ++round) {
    async_event done;
    std::thread setter([&] { done.set(); });
    loop.run_until_complete([](async_event &on) -> task<> { co_await on.wait(); }(done));
    setter.join();
  }
}

TEST(AsyncConditionVariable, ConsumersAndProducersOnTwoLoops) {
  async_mutex mutex;
  async_condition_variable changed;
  int stock = 0, taken = 0;
  constexpr int total = 300;
  auto consumer = [&]() -> task<> {
    for (;;) {
      async_mutex::guard held = co_await mutex.lock();
      co_await changed.wait(held, [&] { return stock != 0 || taken == total; });
      if (taken == total)
        co_return;
      --stock;
      if (++taken == total)
        changed.notify_all();
    }
  };
  auto producer = [&](int count) -> task<> {
    for (int i = 0; i != count; ++i) {
      async_mutex::guard held = co_await mutex.lock();
      ++stock;
      held.unlock();
      changed.notify_one();
      co_await yield();
    }
  };
  std::thread other([&] { run([&]() -> task<> { co_await when_all(consumer(), consumer(), producer(100)); }()); });
  run([&]() -> task<> { co_await when_all(consumer(), producer(200)); }());
  other.join();
  EXPECT_EQ(taken, total);
  EXPECT_EQ(stock, 0);
}

TEST(AsyncConditionVariable, AStoppedWaitHoldsTheLock) {
  run([]() -> task<> {
    async_mutex mutex;
    async_condition_variable changed;
    std::vector<int> order;
    auto waits = [&]() -> task<> {
      async_mutex::guard held = co_await mutex.lock();
      try {
        co_await changed.wait(held);
      } catch (const cancelled &) {
        EXPECT_TRUE(bool(held));
        EXPECT_FALSE(bool(mutex.try_lock())) << "held by this one";
        order.push_back(2);
        throw;
      }
    };
    join_handle<void> waiting = spawn(waits());
    co_await sleep_for(1ms);
    async_mutex::guard held = co_await mutex.lock(); // given up by who waits
    waiting.request_stop();
    co_await sleep_for(2ms);
    EXPECT_FALSE(waiting.is_done()) << "it waits for the lock, though it was told to stop";
    order.push_back(1);
    held.unlock();
    EXPECT_THROW(co_await waiting, cancelled);
    EXPECT_EQ(order, (std::vector{1, 2}));
    EXPECT_TRUE(bool(mutex.try_lock()));

    // Told before it waits: the lock was never given up.
    auto told_before = [&]() -> task<> {
      std::stop_source stop;
      stop.request_stop();
      co_await with_stop(stop.get_token(), waits());
    };
    EXPECT_THROW(co_await told_before(), cancelled);
    EXPECT_TRUE(bool(mutex.try_lock()));
  }());
}

} // namespace
