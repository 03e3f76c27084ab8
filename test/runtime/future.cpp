// future and promise: results, exceptions, waits, continuations on and off executors, cancellation, coroutines.
#include <tenterhook/future.h>
#include <tenterhook/stop.h>
#include <tenterhook/thread_pool.h>

#include <atomic>
#include <coroutine>
#include <gtest/gtest.h>
#include <memory>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using namespace tenterhook;

namespace {

// The smallest coroutine there is: runs at once, belongs to nobody. With a scope it can be told to stop, as a task can.
struct detached {
  struct promise_type {
    stop_scope *scope = nullptr;
    promise_type() = default;
    template <typename... Others> explicit promise_type(stop_scope &given, Others &&...) : scope(&given) {}
    detached get_return_object() noexcept { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

struct boom : std::exception {};

TEST(Future, CarriesValuesReferencesAndNothing) {
  promise<std::unique_ptr<int>> made;
  future<std::unique_ptr<int>> got = made.get_future();
  EXPECT_FALSE(got.is_ready());
  made.set_value(std::make_unique<int>(3));
  EXPECT_TRUE(got.is_ready());
  EXPECT_EQ(*got.get(), 3);
  EXPECT_FALSE(got.valid());

  int there = 1;
  promise<int &> reference;
  future<int &> referred = reference.get_future();
  reference.set_value(there);
  EXPECT_EQ(&referred.get(), &there);

  promise<void> event;
  future<void> happened = event.get_future();
  event.set_value();
  happened.get();
  EXPECT_EQ(make_ready(5).get(), 5);
  make_ready().get();
}

TEST(Future, CarriesExceptions) {
  promise<int> made;
  future<int> got = made.get_future();
  made.set_exception(std::make_exception_ptr(boom()));
  EXPECT_THROW(got.get(), boom);
  EXPECT_THROW(make_failed<int>(std::make_exception_ptr(boom())).get(), boom);
}

TEST(Future, APromiseThatEndsIsBroken) {
  std::optional<promise<int>> made(std::in_place);
  future<int> got = made->get_future();
  made.reset();
  EXPECT_THROW(got.get(), broken_promise);

  promise<int> replaced;
  future<int> first = replaced.get_future();
  replaced = promise<int>();
  EXPECT_THROW(first.get(), broken_promise);
}

TEST(Future, AFutureMayGoFirst) {
  promise<std::vector<int>> made;
  {
    future<std::vector<int>> dropped = made.get_future();
  }
  made.set_value(std::vector<int>(100)); // AddressSanitizer looks for the leak
}

TEST(Future, WaitsAreTimed) {
  promise<int> made;
  future<int> got = made.get_future();
  auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(got.wait_for(20ms));
  EXPECT_FALSE(got.wait_until(std::chrono::steady_clock::now() + 1ms));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 21ms);
  std::jthread maker([&] { made.set_value(1); });
  EXPECT_TRUE(got.wait_for(30s));
  EXPECT_EQ(got.get(), 1);
}

TEST(Future, StopEndsAWaitAndKeepsTheFuture) {
  promise<int> made;
  future<int> got = made.get_future();
  std::stop_source stop;
  std::jthread stopping([&] { stop.request_stop(); });
  EXPECT_THROW(got.get(stop.get_token()), cancelled);
  ASSERT_TRUE(got.valid());
  made.set_value(2);
  EXPECT_EQ(got.get(stop.get_token()), 2) << "a result that is there is given";
}

TEST(Future, TimeoutsRaceWithResults) {
  for (int round = 0; round != 2000; ++round) {
    promise<int> made;
    future<int> got = made.get_future();
    std::jthread maker([&] { made.set_value(round); });
    while (!got.wait_for(std::chrono::nanoseconds(round % 100 * 100))) {
    }
    EXPECT_EQ(got.get(), round);
  }
}

TEST(Then, GetsTheValueOrTheFuture) {
  promise<int> made;
  future<std::string> text =
      made.get_future().then([](int n) { return n + 1; }).then([](future<int> ready) { return std::to_string(ready.get()); });
  made.set_value(41);
  EXPECT_EQ(text.get(), "42");
  int calls = 0;
  make_ready().then([&] { ++calls; }).get();
  EXPECT_EQ(calls, 1) << "of a future that is ready, at once";
}

TEST(Then, ExceptionsGoPastValuesAndIntoFutures) {
  bool called = false;
  future<int> passed = make_failed<int>(std::make_exception_ptr(boom())).then([&](int n) {
    called = true;
    return n;
  });
  EXPECT_THROW(passed.get(), boom);
  EXPECT_FALSE(called);
  future<int> handled = make_failed<int>(std::make_exception_ptr(boom())).then([](future<int> failed) {
    try {
      return failed.get();
    } catch (const boom &) {
      return -1;
    }
  });
  EXPECT_EQ(handled.get(), -1);
  EXPECT_THROW(make_ready(1).then([](int) -> int { throw boom(); }).get(), boom);
}

TEST(Then, UnwrapsFutures) {
  promise<int> inner;
  future<int> outer = make_ready(1).then([&](int) { return inner.get_future(); });
  EXPECT_FALSE(outer.is_ready());
  inner.set_value(9);
  EXPECT_EQ(outer.get(), 9);
  EXPECT_THROW(make_ready(1).then([](int) -> future<int> { throw boom(); }).get(), boom);
}

TEST(Then, RunsWhereItWasTold) {
  thread_pool pool(1);
  promise<int> made;
  std::thread::id inline_thread, pool_thread;
  future<void> done = made.get_future().then([&](int) { inline_thread = std::this_thread::get_id(); }).then(pool, [&] {
    pool_thread = std::this_thread::get_id();
  });
  std::thread::id completer;
  std::jthread([&] {
    completer = std::this_thread::get_id();
    made.set_value(1);
  }).join();
  done.get();
  EXPECT_EQ(inline_thread, completer);
  EXPECT_EQ(pool_thread, pool.submit([] { return std::this_thread::get_id(); }).get());
  EXPECT_NE(pool_thread, completer);
}

TEST(Then, AnExecutorThatDropsItCancels) {
  thread_pool pool(1);
  pool.stop();
  bool called = false;
  future<void> dropped = make_ready(1).then(pool, [&](int) { called = true; });
  EXPECT_THROW(dropped.get(), cancelled);
  EXPECT_FALSE(called);
}

detached await_into(future<int> awaited, std::atomic<int> &result) {
  try {
    result = co_await std::move(awaited);
  } catch (const broken_promise &) {
    result = -1;
  }
}

TEST(AwaitedFuture, ReadyOnesDoNotSuspend) {
  std::atomic<int> result = 0;
  await_into(make_ready(4), result);
  EXPECT_EQ(result, 4);
}

TEST(AwaitedFuture, WithoutAnExecutorItGoesOnWhereItIsCompleted) {
  std::atomic<int> result = 0;
  promise<int> made;
  await_into(made.get_future(), result);
  EXPECT_EQ(result, 0);
  made.set_value(6);
  EXPECT_EQ(result, 6);
  {
    promise<int> broken;
    await_into(broken.get_future(), result);
  }
  EXPECT_EQ(result, -1);
}

TEST(AwaitedFuture, GoesOnOnItsExecutor) {
  thread_pool pool(2);
  promise<int> made;
  promise<bool> ended;
  future<bool> on_pool = ended.get_future();
  pool.post([&] {
    [](thread_pool &pool, future<int> awaited, promise<bool> ended) -> detached {
      int got = co_await std::move(awaited);
      ended.set_value(got == 8 && pool.runs_here());
    }(pool, made.get_future(), std::move(ended));
  });
  pool.wait_idle();
  made.set_value(8);
  EXPECT_TRUE(on_pool.get());
}

detached await_stoppable(stop_scope &, future<int> awaited, std::atomic<int> &result) {
  try {
    result = co_await std::move(awaited);
  } catch (const cancelled &) {
    result = -2;
  }
}

TEST(AwaitedFuture, ATaskThatIsToldToStopGetsCancelled) {
  promise<int> made;
  stop_scope scope;
  std::atomic<int> result = 0;
  await_stoppable(scope, made.get_future(), result);
  EXPECT_EQ(result, 0);
  scope.request_stop();
  EXPECT_EQ(result, -2);
  made.set_value(1); // nobody waits any more

  promise<int> later;
  result = 0;
  await_stoppable(scope, later.get_future(), result);
  EXPECT_EQ(result, -2) << "told before it waits";
  result = 0;
  await_stoppable(scope, make_ready(3), result);
  EXPECT_EQ(result, 3) << "a result that is there is given";
}

TEST(AwaitedFuture, StopRacesWithResults) {
  thread_pool pool(2);
  for (int round = 0; round != 2000; ++round) {
    promise<int> made;
    stop_scope scope;
    std::atomic<int> result = 0;
    pool.submit([&] { await_stoppable(scope, made.get_future(), result); }).get();
    std::jthread stopping([&] { scope.request_stop(); });
    made.set_value(1);
    stopping.join();
    pool.wait_idle();
    EXPECT_TRUE(result == 1 || result == -2) << result;
  }
}

TEST(AwaitedFuture, AFrameThatWaitsMayBeDestroyed) {
  promise<int> made;
  std::atomic<int> result = 0;
  detached waiting = await_into(made.get_future(), result);
  waiting.handle.destroy();
  made.set_value(1);
  EXPECT_EQ(result, 0);
}

} // namespace
